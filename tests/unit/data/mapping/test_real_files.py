"""Every real file gets the mapping and the kind that a person would give it."""

from __future__ import annotations

import pytest

from tieline.data.mapping import recognise_kind

PERSON = {
    "PRIMARY_NAME_FULL": "full_name",
    "PRIMARY_NAME_LAST": "family_name",
    "PRIMARY_NAME_FIRST": "given_name",
    "NATIVE_NAME_FULL": "native_name",
    "DATE_OF_BIRTH": "birth_date",
    "EMAIL_ADDRESS": "email",
    "ADDR_LINE1": "address_line1",
    "ADDR_CITY": "city",
    "ADDR_STATE": "region",
    "ADDR_POSTAL_CODE": "postcode",
    "ADDR_COUNTRY": "country",
    "PHONE_NUMBER": "phone",
    "RECORD_TYPE": "record_type",
    "RECORD_ID": "record_key",
}
NORTHWIND = {
    "Id": "record_key",
    "CompanyName": "company",
    "ContactName": "full_name",
    "ContactTitle": "title",
    "Address": "address_line1",
    "City": "city",
    "Region": "region",
    "PostalCode": "postcode",
    "Country": "country",
    "Phone": "phone",
    "Fax": "fax",
}
RESTAURANT = {
    "id": "record_key",
    "name": "company",
    "addr": "address_line1",
    "city": "city",
    "phone": "phone",
}
FEBRL = {
    "rec_id": "record_key",
    "given_name": "given_name",
    "surname": "family_name",
    "street_number": "house_number",
    "address_1": "address_line1",
    "address_2": "address_line2",
    "suburb": "city",
    "postcode": "postcode",
    "state": "region",
    "date_of_birth": "birth_date",
    "soc_sec_id": "identifier:ssn",
}

FILES = {
    "splink_datasets/fake_1000.csv": (
        "contacts",
        {
            "unique_id": "record_key",
            "first_name": "given_name",
            "surname": "family_name",
            "dob": "birth_date",
            "city": "city",
            "email": "email",
        },
    ),
    "splink_datasets/historical_figures_with_errors_50k.parquet": (
        "contacts",
        {
            "unique_id": "record_key",
            "full_name": "full_name",
            "first_name": "given_name",
            "surname": "family_name",
            "dob": "birth_date",
            "birth_place": "birth_place",
            "postcode_fake": "postcode",
            "gender": "gender",
            "occupation": "title",
        },
    ),
    "splink_datasets/febrl/dataset3.csv": ("contacts", FEBRL),
    "splink_datasets/febrl/dataset4a.csv": ("contacts", FEBRL),
    "splink_datasets/febrl/dataset4b.csv": ("contacts", FEBRL),
    "senzing_truthset/demo/customers.csv": (
        "contacts",
        PERSON
        | {
            "PRIMARY_NAME_ORG": "company",
            "PRIMARY_NAME_MIDDLE": "middle_name",
            "SECONDARY_NAME_ORG": "company_2",
            "GENDER": "gender",
            "PASSPORT_NUMBER": "identifier:passport",
            "DRIVERS_LICENSE_NUMBER": "identifier:drivers_license",
            "SSN_NUMBER": "identifier:ssn",
            "NATIONAL_ID_NUMBER": "identifier:national_id",
            "ADDR_FULL": "full_address",
        },
    ),
    "senzing_truthset/demo/reference.csv": (
        "contacts",
        PERSON
        | {
            "PRIMARY_NAME_ORG": "company",
            "EMPLOYER": "company",
            "SECONDARY_NAME_ORG": "company_2",
            "NATIONAL_ID_NUMBER": "identifier:national_id",
            "TAX_ID_NUMBER": "identifier:tax_id",
            "LEI_NUMBER": "identifier:lei",
            "ADDR_FULL": "full_address",
        },
    ),
    "senzing_truthset/demo/watchlist.csv": (
        "contacts",
        PERSON
        | {
            "EMPLOYER": "company",
            "PRIMARY_NAME_MIDDLE": "middle_name",
            "GENDER": "gender",
            "DRIVERS_LICENSE_NUMBER": "identifier:drivers_license",
            "SSN_NUMBER": "identifier:ssn",
        },
    ),
    "northwind/customers.json": ("contacts", NORTHWIND),
    "northwind/suppliers.json": ("contacts", NORTHWIND | {"HomePage": "website"}),
    "adventureworks_b2b/clean/org_contacts.csv": (
        "contacts",
        {
            "org_name": "company",
            "person_id": "record_key",
            "contact_type": "title",
            "email": "email",
            "phone": "phone",
            "address1": "address_line1",
            "address2": "address_line2",
            "city": "city",
            "state": "region",
            "country": "country",
            "postcode": "postcode",
        },
    ),
    "adventureworks_b2b/clean/stores.csv": (
        "companies",
        {
            "org_id": "record_key",
            "name": "company",
            "annual_sales": "revenue",
            "business_type": "industry",
            "employees": "employees",
        },
    ),
    "adventureworks_b2b/clean/employee_titles.csv": (
        "contacts",
        {
            "employee_id": "record_key",
            "job_title": "title",
            "department": "department",
            "email": "email",
            "phone": "phone",
        },
    ),
    "crm_sales_opportunities/accounts.csv": (
        "companies",
        {
            "account": "company",
            "sector": "industry",
            "revenue": "revenue",
            "employees": "employees",
            "office_location": "country",
            "subsidiary_of": "parent_company",
        },
    ),
    "magellan_restaurants/fodors.csv": ("companies", RESTAURANT),
    "magellan_restaurants/zagats.csv": ("companies", RESTAURANT),
    "ror_registry/ror_orgs.csv.gz": (
        "registry",
        {
            "ror_id": "identifier:ror",
            "name": "company",
            "other_names": "company_2",
            "city": "city",
            "country": "country",
            "website": "website",
            "types": "industry",
            "status": "entity_status",
        },
    ),
    "ror_registry/ror_relationships.csv.gz": (
        "registry",
        {"ror_id": "identifier:ror", "relation": "relation_kind", "related_ror_id": "parent_id"},
    ),
    "sec_company_registry/company_tickers.parquet": (
        "registry",
        {"cik": "identifier:cik", "ticker": "identifier:ticker", "name": "company"},
    ),
    "sec_company_registry/subtrack_companies.csv.gz": (
        "registry",
        {"cik": "identifier:cik", "company_name": "company"},
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_columns_of_a_real_file(name, real_file, mapped):
    mapping = mapped(real_file(name))
    assert mapping.used() == FILES[name][1]


@pytest.mark.parametrize("name", FILES)
def test_kind_of_a_real_file(name, real_file, mapped):
    columns = real_file(name)
    kind, confidence, why = recognise_kind(mapped(columns), name.split("/")[-1], columns)
    assert kind == FILES[name][0], why
    assert 0.5 < confidence < 1


def test_questions_of_a_survey_are_not_forced_into_fields(real_file, mapped):
    mapping = mapped(real_file("x_education_leads/Leads.csv"))
    assert set(mapping.used().values()) <= {
        "record_key", "opt_out:marketing:email", "opt_out:marketing:phone", "country", "city",
        "title",
    }  # fmt: skip
    assert mapping["Country"].field == "country"


def test_what_people_decide_by_is_told_in_words(real_file, mapped):
    mapping = mapped(real_file("crm_sales_opportunities/accounts.csv"))
    why = mapping["office_location"].why
    assert "of the values are countries" in why
    assert "the header says city" in why
