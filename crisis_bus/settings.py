"""Every setting, read once: environment `CRISIS_BUS_…` over a TOML file over the defaults."""

from pathlib import Path
from typing import Literal

from pydantic import Field, IPvAnyNetwork, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Settings(BaseSettings):
    """What a process needs to know; each field's description is the sentence that users read."""

    model_config = SettingsConfigDict(
        env_prefix="CRISIS_BUS_", extra="forbid", frozen=True, toml_file="crisis-bus.toml"
    )

    kafka: str = Field("127.0.0.1:9092", description="Kafka bootstrap servers, host:port, separated by commas")
    kafka_replicas: int = Field(
        0,
        ge=0,
        description="replicas of new topics; 0 takes the catalogue's number, or as many as there are brokers",
    )
    ack_timeout_seconds: float = Field(30.0, gt=0, description="how long to wait for the acknowledgement of a record")
    topics: Path = Field(Path("topics"), description="folder of the topic catalogue")
    data: Path = Field(Path(".crisis-bus"), description="folder for local state: Kafka, tables, the web page")
    space: str = Field("uae", description="the space of this government")
    pack: str = Field("uae", description="name of a shipped policy pack, or the path of one")
    gateway_host: str = Field("127.0.0.1", description="address that the gateway listens on")
    gateway_port: int = Field(8080, ge=0, le=65535, description="port that the gateway listens on")
    gateway_url: str = Field("http://127.0.0.1:8080", description="where clients and the command line find the gateway")
    api_key: SecretStr | None = Field(None, description="API key that the command line sends to the gateway")
    api_keys: Path = Field(
        Path("api-keys.toml"),
        description="file of hashed API keys that the gateway accepts, inside the data folder unless absolute",
    )
    max_body_bytes: int = Field(1_048_576, gt=0, description="largest request body that the gateway reads")
    metrics_port: int = Field(0, ge=0, le=65535, description="port for metrics and health of a worker; 0 opens none")
    correlation_minutes: int = Field(360, gt=0, description="reports of one subject within this time are one incident")
    snapshot_every: int = Field(
        10_000,
        ge=0,
        description="write a snapshot after so many journal entries, or more where an office is large; 0 writes none",
    )
    smtp_host: str = Field("127.0.0.1", description="mail server")
    smtp_port: int = Field(25, ge=1, le=65535, description="port of the mail server")
    smtp_user: str | None = Field(None, description="user name at the mail server")
    smtp_password: SecretStr | None = Field(None, description="password at the mail server")
    smtp_starttls: bool = Field(default=False, description="whether to insist on STARTTLS")
    smtp_from: str = Field("crisis-bus@localhost", description="sender address of e-mail")
    websub_hub: str | None = Field(
        None, pattern=r"^https?://[!-~]+$", description="WebSub hub that is told of new statements in the feeds"
    )
    link_secret: SecretStr | None = Field(
        None, min_length=16, description="secret of links to unsubscribe and to acknowledge, for deliver and gateway"
    )
    public_signup: dict[Literal["email", "sms"], str] = Field(
        {}, description='transport → channel for the page /subscribe, as {"email": "WEB"}; nobody signs up without one'
    )
    public_signup_days: int = Field(
        730, ge=1, le=3650, description="days for which the consent of somebody who signed up holds"
    )
    webhook_signing_key: SecretStr | None = Field(
        None, description="key (whsk_…) that signs every webhook, beside the secret of each subscription"
    )
    allowed_networks: tuple[IPvAnyNetwork, ...] = Field(
        (), description='private networks that subscribers\' addresses may lead to, such as ["10.20.0.0/16"]'
    )
    public_url: str = Field("http://127.0.0.1:8080", description="address of the public pages, as links name it")
    statement_pages: str | None = Field(
        None,
        pattern=r"^https?://[!-~]+/$",
        description="folder of the public statements, that short texts point to; without it they say the number",
    )
    delivery_concurrency: int = Field(200, gt=0, description="deliveries under way at once in one worker")
    delivery_timeout_seconds: float = Field(15.0, gt=0, description="how long a destination may take to answer")
    delivery_give_up_seconds: float = Field(
        900.0, gt=0, description="how long a delivery is tried again before it has failed"
    )
    delivery_first_wait_seconds: float = Field(
        0.5, gt=0, description="wait before the second attempt; it doubles, with jitter"
    )
    channel_test: str = Field(
        "",
        pattern=r"^((MON|TUE|WED|THU|FRI|SAT|SUN) ([01][0-9]|2[0-3]):[0-5][0-9])?$",
        description="when channels are tested each week by the pack's clock, such as WED 10:00; empty for never",
    )
    audit_patience_seconds: float = Field(
        60.0, gt=0, description="how late a clock may be, by this machine's time, before the auditor finds it"
    )
    audit_quiet_seconds: float = Field(
        30.0, gt=0, description="how long the auditor may be behind the journal before all is not well"
    )
    audit_settled: tuple[str, ...] = Field(
        (), description="ids of findings that people have looked into; the auditor counts them no more"
    )
    dead_man_url: SecretStr | None = Field(
        None, description="address of a dead man's switch, requested only while the auditor finds all well"
    )
    dead_man_seconds: float = Field(60.0, gt=0, description="how often the dead man's switch is fed")
    log_format: str = Field(
        "console", pattern="^(console|json)$", description="log lines for people (console) or programs (json)"
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="least level that is logged")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 pydantic passes it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 pydantic passes it by name
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over environment over TOML file; no .env file is read."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
