"""What `tieline.toml` may say: one frozen model per section, unknown keys refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tieline.data.kinds import KINDS
from tieline.data.mapping import check_field
from tieline.data.mapping.vocabularies import COUNTRY_CODES
from tieline.errors import TielineError
from tieline.workspace.action_settings import ActionSettings, MediumSettings, check_media
from tieline.workspace.category_settings import CategorySettings
from tieline.workspace.offers import CURRENCIES
from tieline.workspace.outlook_settings import OutlookSettings
from tieline.workspace.segments import check_names, check_rule, checked_roles
from tieline.workspace.stage_settings import CampaignSettings, StageSettings
from tieline.workspace.title_settings import check_title_rule

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Money = Annotated[float, Field(ge=0.0)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class WorkspaceSettings(_Section):
    """`[workspace]`: what holds for the whole workspace."""

    name: str = ""
    """What the workspace is called."""
    country: str = ""
    """ISO 3166 code of two letters for records that state no country; '' for none."""
    max_set_aside_share: Share = 0.9
    """A build that sets aside a larger share of the records ends with exit code 1."""
    as_of: date | None = None
    """The day at which stages are told; by default the newest day that anything tells."""

    @field_validator("country")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if value and (len(value) != 2 or value.lower() not in COUNTRY_CODES):
            raise ValueError('must be a country code of two letters, such as "DE"')
        return value.upper()


class CompanyList(_Section):
    """`[own_company]` and `[competitors]`: companies by name and by web domain."""

    names: tuple[str, ...] = ()
    """Names of the companies; legal form and small differences in writing do not matter."""
    domains: tuple[str, ...] = ()
    """Their web domains."""

    @field_validator("names", "domains", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


class SourceSettings(_Section):
    """`[sources.<name>]`: what the user says about one source; it wins over what was recognised."""

    kind: str = ""
    """Kind of source; '' for the recognised one."""
    owner: str = ""
    """Department that the list comes from."""
    trust: Annotated[int, Field(ge=1, le=9)] = 5
    """Rank for golden values where sources disagree: 1 is trusted most."""
    date_style: Literal["", "dmy", "mdy", "ymd"] = ""
    """Order of day, month and year in its dates; '' to find out from the values."""
    columns: dict[str, str] = {}
    """Standard field by header; '' for a column to leave out. Columns may share a field: the first
    filled one counts."""

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, value: str) -> str:
        if value and value not in KINDS:
            raise ValueError(f"must be one of {', '.join(KINDS)}")
        return value

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, value: dict[str, str]) -> dict[str, str]:
        for column, field in value.items():
            try:
                check_field(field, column=column)
            except TielineError as error:
                raise ValueError(f"{column!r}: {error.message}") from None
        return value


class IdentitySettings(_Section):
    """`[identity]`: when two records are the same."""

    probability: Probability = 0.9
    """From this probability on, two records are the same contact, site or account."""


class SegmentSettings(_Section):
    """`[segments.<name>]`: sites that sales may be set up to address, by rule."""

    rule: str
    """What holds of its sites: `country IN ('DE', 'AT') AND employees >= 50`."""
    priority: Annotated[int, Field(ge=1)] = 1
    """1 comes first: a site in several segments counts in the first."""
    owner: str = ""
    """Who addresses it; '' where sales is not set up to."""
    product: str = ""
    """What is sold to it, a `[products.<name>]`; '' for none."""

    @field_validator("rule")
    @classmethod
    def _readable(cls, value: str) -> str:
        check_rule(value)
        return value


class ProductSettings(_Section):
    """`[products.<name>]`: what is sold, and who plays a role in buying it."""

    key_players: dict[str, tuple[str, ...]] = {}
    """Levels by function: `{ procurement = [], engineering = ["director", "manager"] }`; an empty
    list for every level, the function `any` for every function. Where it is left out, stages count
    who decides, buys or influences in most purchases, and say so; coverage tells no key players."""
    target: Share = 0.8
    """Share of a segment's sites where a key player should be known."""

    @field_validator("key_players", mode="before")
    @classmethod
    def _known_roles(cls, value: object) -> object:
        return checked_roles(value)


class OfferSettings(_Section):
    """`[offers.<name>]`: a list that can be bought."""

    vendor: str = ""
    """Who sells it; offers of one vendor learn from each other. '' for the offer's name."""
    price_per_record: float = 0.0
    """Price of a record, in the offer's currency."""
    fixed_price: float = 0.0
    """Price of the whole list, or what is paid once beside the price of a record."""
    currency: str = ""
    """Currency of the prices (ISO 4217); '' for that of the plan."""
    size: int = 0
    """How many records the list has."""
    minimum_order: int = 0
    """How many records must be taken at least."""
    selectable: tuple[str, ...] = ()
    """By what records can be chosen: function, level, segment, country."""
    sample: str = ""
    """A file with a hashed sample of the list (`tieline offer hash`); '' for none."""
    salt_file: str = ""
    """The file with the salt both sides agreed on; '' for that of `[list_plan]`."""
    bought: str = ""
    """The source that the list became after it was bought; '' while it is not."""
    bought_on: date | None = None
    """The day on which it was bought."""

    @field_validator("selectable", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


class TitleRuleSettings(_Section):
    """`[[titles.rules]]`: what the user says of titles with certain words; the first that fits."""

    match: str
    """Words that stand in the title in a row; a `*` at the end of a word is any letters."""
    function: str = ""
    """Their function; '' to leave it to the lists."""
    level: str = ""
    """Their level; '' to leave it to the lists."""

    @model_validator(mode="after")
    def _known(self) -> TitleRuleSettings:
        check_title_rule(self.match, self.function, self.level)
        return self


class TitleSettings(_Section):
    """`[titles]`: what job titles mean."""

    confidence: Probability = 0.0
    """A function or level that is less sure than this is left open; rules are always sure."""
    rules: tuple[TitleRuleSettings, ...] = ()
    """Your own rules, which win over the word lists and the model."""

    @field_validator("rules", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


class ListPlanSettings(_Section):
    """`[list_plan]`: what may be spent on lists, and what for."""

    currency: str = "EUR"
    """Currency of the plan (ISO 4217)."""
    budget: Money = 0.0
    """What may be spent; `tieline list-plan --budget` tries another one."""
    worth_per_key_player: Money = 0.0
    """What a new key player is worth to us, so may cost at most; 0 to take it from what earlier
    lists brought."""
    rates: dict[str, float] = {}
    """What one unit of another currency is worth in that of the plan: `{ USD = 0.92 }`."""
    salt_file: str = ""
    """The file with the salt that samples are hashed with; never written here, it is a secret."""

    @field_validator("currency")
    @classmethod
    def _known(cls, value: str) -> str:
        if value.upper() not in CURRENCIES:
            raise ValueError(f'must be a currency code such as "EUR", not {value!r}')
        return value.upper()


class ConcentrationSettings(_Section):
    """`[concentration]`: when it is an alarm that contacts or responses are at few companies."""

    top: Annotated[int, Field(ge=1)] = 10
    """How many companies `max_top_share` is about."""
    max_top_share: Share = 0.0
    """Alarm if these companies have a larger share; 0.0 for none."""
    max_gini: Share = 0.0
    """Alarm if the Gini coefficient is larger; 0.0 for none."""
    max_herfindahl: Share = 0.18
    """Alarm if the Herfindahl index is larger; 0.0 for none. From 0.18 on the merger guidelines of
    the US Department of Justice (2023) call a market highly concentrated."""
    min_effective_companies: Annotated[float, Field(ge=0.0)] = 0.0
    """Alarm if it is as if there were fewer companies of equal share; 0.0 for none."""
    period_days: Annotated[int, Field(ge=1)] = 365
    """Length of the last period of responses, which is held against the one before."""


class RegistrySettings(_Section):
    """`[registry]`: when an account is matched to an entry of a company register."""

    confidence: Probability = 0.9
    """From this confidence on, an account is matched to its best entry."""
    required: bool = False
    """Whether records of companies that no register knows are set aside."""


class Settings(_Section):
    """The whole of `tieline.toml`."""

    workspace: WorkspaceSettings = WorkspaceSettings()
    own_company: CompanyList = CompanyList()
    competitors: CompanyList = CompanyList()
    sources: dict[str, SourceSettings] = {}
    identity: IdentitySettings = IdentitySettings()
    titles: TitleSettings = TitleSettings()
    categories: CategorySettings = CategorySettings()
    registry: RegistrySettings = RegistrySettings()
    stages: StageSettings = StageSettings()
    campaigns: CampaignSettings = CampaignSettings()
    concentration: ConcentrationSettings = ConcentrationSettings()
    segments: dict[str, SegmentSettings] = {}
    products: dict[str, ProductSettings] = {}
    outlook: OutlookSettings = OutlookSettings()
    actions: ActionSettings = ActionSettings()
    media: dict[str, MediumSettings] = {}
    list_plan: ListPlanSettings = ListPlanSettings()
    offers: dict[str, OfferSettings] = {}

    @model_validator(mode="after")
    def _segments_fit(self) -> Settings:
        check_names(self.segments, self.products)
        check_media(self.media)
        return self
