"""How columns are told apart by name, by content, by their neighbours and by the user."""

from __future__ import annotations

import pytest

from tieline.data.mapping import MappedColumn, map_columns
from tieline.errors import TielineError

PEOPLE = ["John Smith", "Maria Garcia", "Thomas Weber", "Emma Wilson"]
COMPANIES = ["Acme Inc", "Globex Corporation", "Müller GmbH", "Umbrella Ltd"]
EMAILS = ["a@b.com", "c@d.org", "e@f.net", "g@h.io"]


def test_values_overrule_a_wrong_header_and_the_doubt_is_said(mapped):
    column = mapped({"Phone": EMAILS})["Phone"]
    assert column.field == "email"
    assert "100% of the values are e-mail addresses" in column.why
    assert "the header says phone, the values decide" in column.why
    assert column.confidence < mapped({"E-Mail": EMAILS})["E-Mail"].confidence


def test_name_beside_a_company_is_a_person(mapped):
    mapping = mapped({"Name": PEOPLE, "Company": COMPANIES})
    assert mapping.used() == {"Name": "full_name", "Company": "company"}


def test_name_beside_a_given_name_is_the_family_name(mapped):
    mapping = mapped({"Vorname": ["Jürgen", "Sabine"], "Name": ["Müller", "Schäfer"]})
    assert mapping["Name"].field == "family_name"


def test_name_alone_is_what_its_values_are(mapped):
    assert mapped({"name": COMPANIES})["name"].field == "company"
    assert mapped({"name": PEOPLE})["name"].field == "full_name"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["Mr", "Dr", "Ms", "Prof."], "name_prefix"),
        (["Sales Manager", "CEO", "Buyer", "Head of IT"], "title"),
        ([], "title"),
    ],
)
def test_title_is_a_salutation_or_a_job(values, field, mapped):
    assert mapped({"Title": values})["Title"].field == field


def test_state_is_a_region_unless_it_is_a_status(mapped):
    assert mapped({"State": ["CA", "NY", "TX", "WA"]})["State"].field == "region"
    assert not mapped({"State": ["open", "closed", "won", "active"]})["State"].field


def test_address_with_everything_in_it_is_a_full_address(mapped):
    whole = ["12 Main Street, Boston, MA 02110", "5 rue de Lyon, 75012 Paris, France"] * 2
    assert mapped({"Address": whole})["Address"].field == "full_address"


def test_several_phones_are_kept_in_order_with_the_mobile_second(mapped):
    numbers = ["+1 212 555 0100", "+44 20 7946 0000", "+49 30 123456"]
    mapping = mapped({"Mobile": numbers, "Direct Phone": numbers, "Assistant Phone": numbers})
    assert mapping.used() == {
        "Direct Phone": "phone",
        "Assistant Phone": "phone_2",
        "Mobile": "phone_3",
    }
    assert mapped({"Mobile": numbers})["Mobile"].field == "phone"
    both = mapped({"Mobile": numbers, "Phone": numbers})
    assert both.used() == {"Phone": "phone", "Mobile": "phone_2"}


def test_numbered_columns_keep_the_order_they_state(mapped):
    lines = ["1 High Street", "22 Oak Lane", "3 Elm Road"]
    mapping = mapped({"Address 2": ["Suite 4", "", "Unit B"], "Address 1": lines})
    assert mapping.used() == {"Address 1": "address_line1", "Address 2": "address_line2"}


def test_of_two_that_fit_the_one_called_as_the_field_gets_it(mapped):
    titled = ["Jane Roe, 1st Baroness", "Sir Tom Fox of Kent", "Eva Orr"]
    mapping = mapped({"first_and_surname": PEOPLE[:3], "full_name": titled})
    assert mapping["full_name"].field == "full_name"


def test_an_id_that_repeats_is_not_the_key_of_the_row(mapped):
    mapping = mapped({"Company ID": ["1", "1", "2", "2"], "Contact ID": ["7", "8", "9", "10"]})
    assert mapping.used() == {"Contact ID": "record_key"}


@pytest.mark.parametrize(
    "header", ["cluster", "amount", "status", "notes", "Bemerkung", "Email Status", "phone type"]
)
def test_what_we_do_not_use_is_not_forced_into_a_field(header, mapped):
    assert not mapped({header: ["x", "y", "z"]})[header].field


def test_columns_filled_in_turns_share_a_field(mapped):
    mapping = mapped(
        {
            "Name of organisation": ["", "", "", "Acme Inc", "Globex Corp", "Initech LLC"],
            "Employer": ["Umbrella Ltd", "Siemens AG", "Bosch GmbH", "", "", ""],
        }
    )
    assert mapping.columns_of("company") == ("Name of organisation", "Employer")
    assert any("is filled where" in column.why for column in mapping)


def test_columns_filled_together_do_not_share_a_field(mapped):
    mapping = mapped({"Company": COMPANIES, "Employer": COMPANIES[::-1]})
    assert mapping.columns_of("company") == ("Company",)


def test_a_correction_wins_and_frees_the_field_for_nobody_else(mapped):
    columns = {"E-Mail": EMAILS, "Private": EMAILS}
    mapping = mapped(columns, corrections={"Private": "email", "E-Mail": ""})
    assert mapping["Private"] == MappedColumn("Private", "email", 1.0, "set by you")
    assert mapping["E-Mail"].field == ""


def test_a_correction_to_an_unknown_field_names_the_nearest():
    with pytest.raises(TielineError) as error:
        map_columns(["A"], {}, {"A": "famly_name"})
    assert error.value.code == "unknown_field"
    assert "family_name" in str(error.value)
    assert error.value.place.column == "A"


def test_an_identifier_of_the_users_own_is_accepted(mapped):
    mapping = mapped({"Badge": ["1", "2"]}, corrections={"Badge": "identifier:badge_number"})
    assert mapping.used() == {"Badge": "identifier:badge_number"}


def test_a_mapping_from_before_is_kept_and_the_rest_fits_around_it(mapped):
    before = {"Kontaktadresse": MappedColumn("Kontaktadresse", "email", 0.97, "as before")}
    mapping = mapped({"Kontaktadresse": EMAILS, "Mail": EMAILS}, remembered=before)
    assert mapping["Kontaktadresse"].why == "as before"
    assert mapping["Mail"].field == "email_2"


def test_empty_and_strange_input_is_mapped_without_a_word(mapped):
    assert mapped({}).columns == ()
    strange = {"": ["a"], "???": [], "\x00": ["\x00"], "長い名前" * 50: ["値"], "12": ["", " "]}
    assert mapped(strange).used() == {}


def test_ten_thousand_columns_of_figures_are_left_alone(mapped):
    wide = {f"measure_{i}": [str(i), str(i + 1), "7", "8"] for i in range(10_000)}
    wide["E-Mail"] = EMAILS
    assert mapped(wide).used() == {"E-Mail": "email"}


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("5493001KJTIIGC8Y1R12", "identifier:lei"),
        ("https://www.linkedin.com/in/jane-doe", "identifier:linkedin"),
        ("078-05-1120", "identifier:ssn"),
        ("SW1A 1AA", "postcode"),
        ("Deutschland", "country"),
        ("Herr", "name_prefix"),
        ("www.example.org", "website"),
        ("Musterstraße 12", "address_line1"),
    ],
)
def test_a_column_without_a_telling_header_is_known_by_its_shape(value, field, mapped):
    near = {
        "identifier:lei": ["213800WAVVOPS85N2205", "529900T8BM49AURSDO55", "549300GKFG0RYRRQ1414"],
        "identifier:linkedin": [value + str(i) for i in range(4)],
        "identifier:ssn": ["219-09-9999", "457-55-5462", "111-22-3333"],
        "postcode": ["M1 1AE", "EC1A 1BB", "B33 8TH"],
        "country": ["Frankreich", "Polen", "Italien"],
        "name_prefix": ["Frau", "Dr.", "Prof."],
        "website": ["example.com/a", "http://foo.de", "bar.co.uk"],
        "address_line1": ["Hauptstr. 5", "12 Oak Avenue", "Rue de Lyon 3"],
    }[field]
    assert mapped({"x1": [value, *near]})["x1"].field == field


NUMBERS = [str(number) for number in range(70022, 70040)]
SAP_NUMBERS = [number.zfill(10) for number in NUMBERS]
PHONES = ["+49 30 123456", "089/4455667", "+49 40 998877"] * 6


@pytest.mark.parametrize("values", [NUMBERS, SAP_NUMBERS])
@pytest.mark.parametrize(
    "header",
    [
        "Kreditor", "Kreditorennr", "Kreditorennr.", "Debitor", "Lieferant Nr", "Lieferanten-Nr.",
        "Supplier No", "Vendor", "Kundennummer", "Kunden-Nr.", "Customer No.", "Supplier", "Client",
    ],
)  # fmt: skip
def test_a_number_of_a_customer_or_supplier_is_the_rows_id_and_no_phone(header, values, mapped):
    mapping = mapped({header: values, "Telefon": PHONES})
    assert mapping.used() == {header: "record_key", "Telefon": "phone"}


@pytest.mark.parametrize("header", ["Kreditor", "Vendor", "Supplier", "Lieferant", "Kunde"])
def test_the_same_header_over_names_is_the_company(header, mapped):
    names = ["Acme Inc", "Globex Corporation", "Müller GmbH", "Umbrella Ltd", "Initech LLC"]
    assert mapped({header: names})[header].field == "company"


def test_a_number_that_repeats_is_not_the_id_of_a_row(mapped):
    mapping = mapped({"Kreditor": SAP_NUMBERS * 2, "Telefon": PHONES * 2})
    assert mapping.used() == {"Telefon": "phone"}
    assert "its values repeat" in mapping["Kreditor"].why


def test_a_column_of_phones_needs_seven_digits_in_most_rows(mapped):
    assert mapped({"Telefon": ["12", "345", "6789", "1011", "77", "+49 30 123456"]}).used() == {}


def test_ids_that_differ_by_case_only_are_different(mapped):
    ids = ["0035f000010GoRQ", "0035f000010GORQ", "0035f000010gorq", "0035f000010GoRq"]
    assert mapped({"Contact ID": ids})["Contact ID"].field == "record_key"


def test_yes_and_no_are_no_kind_of_response(mapped):
    answers = ["Yes", "No", "No", "Yes"]
    assert mapped({"Attended": answers})["Attended"].field is None
    kinds = ["Registered", "Attended webinar", "Downloaded", "Demo request"]
    assert mapped({"Attended": kinds})["Attended"].field == "response_kind"


def test_type_with_sorts_of_contacts_is_the_type_of_the_contact(mapped):
    assert mapped({"Type": ["Journalist", "Analyst", "Blogger"]})["Type"].field == "contact_type"
    assert mapped({"Type": ["A", "B", "C"]})["Type"].field == ""


def test_a_log_of_consents_is_known_by_its_cells_where_headers_are_bare(mapped):
    found = mapped(
        {
            "Email": ["a@x.com", "b@x.com", "c@x.com"],
            "Purpose": ["newsletter", "events", "newsletter"],
            "Channel": ["email", "phone", "email"],
            "Status": ["granted", "withdrawn", "revoked"],
            "Date": ["2024-01-05", "2024-02-05", "2024-03-05"],
        }
    )
    assert found["Status"].field == "consent_state"
    assert found["Date"].field == "occurred_at"
    other = mapped({"Email": ["a@x.com"], "Purpose": ["tools"], "Status": ["customer"]})
    assert other["Status"].field != "consent_state"
