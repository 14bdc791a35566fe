"""What Fordway runs with: defaults < file < environment < flags."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import yaml
from platformdirs import user_data_dir
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from console.places import config_file
from engine.model.errors import BadInput

__all__ = ["LogLevel", "Settings", "config_file", "load_settings"]


class LogLevel(StrEnum):
    """How much the log file says."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseSettings):
    """Every setting, checked, whatever it came from.

    A setting ``lease_seconds`` is `lease_seconds: 15` in the file, the variable
    ``FORDWAY_LEASE_SECONDS`` in the environment, and a keyword of `load_settings`.
    """

    model_config = SettingsConfigDict(
        env_prefix="FORDWAY_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # a bad URL may hold a password
        validate_default=True,
    )

    target_url: SecretStr | None = None
    """PostgreSQL that receives the rows and holds the ledger; None means the embedded one."""
    redis_url: SecretStr | None = None
    """Redis the agents talk over; None means the embedded one."""
    data_dir: Path = Field(default_factory=lambda: Path(user_data_dir("fordway")))
    """Folder of embedded services, sample data, reports and logs; ``~`` is expanded."""
    theme: str = Field(default="fordway-dark", min_length=1)
    """Name of the console's theme."""
    redis_namespace: str = Field(default="fordway", pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    """Every Redis key starts with it, so that several Fordways share one server."""
    batch_rows: int | None = Field(default=None, ge=1, le=1_000_000)
    """Rows a chunk; None means the plan decides per table."""
    workers: int | None = Field(default=None, ge=1, le=64)
    """Processes that move chunks; None: cores minus one, as far as there are rows for them."""
    lease_seconds: int = Field(default=15, ge=2, le=3600)
    """Seconds a runner may be silent before another may take its run over."""
    park_after_seconds: int = Field(default=300, ge=1, le=604_800)
    """Seconds a decision waits for an answer before the run pauses safely."""
    log_level: LogLevel = LogLevel.INFO
    """Least severity that reaches the log file."""

    @field_validator("target_url")
    @classmethod
    def _names_postgres(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("it must start with postgresql://")
        return url

    @field_validator("redis_url")
    @classmethod
    def _names_redis(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not url.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("it must start with redis://, rediss:// or unix://")
        return url

    @field_validator("data_dir")
    @classmethod
    def _whole_path(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower_case(cls, level: object) -> object:
        return level.lower() if isinstance(level, str) else level

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the name is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the name is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, the environment over the file."""
        file = YamlConfigSettingsSource(settings_cls, yaml_file=config_file())
        return init_settings, env_settings, file


def load_settings(**overrides: object) -> Settings:
    """The settings in force now.

    Args:
        overrides: flags by the names of the settings; None means the flag was not given.

    Raises:
        BadInput: a value makes no sense, a name is unknown, or the file can't be read.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    build: Callable[..., Settings] = Settings
    try:
        return build(**given)
    except ValidationError as error:
        raise BadInput(
            _first_problem(error),
            where=f"settings: flags, FORDWAY_* variables, {config_file()}",
            safe="Nothing was started",
            todo="Correct that value, then try again",
        ) from None  # the cause holds the values, and a value may be a password
    except (OSError, yaml.YAMLError, ValueError, TypeError) as error:
        raise BadInput(
            "The settings file can't be read",
            where=str(config_file()),
            safe="Nothing was started",
            todo="Make it a YAML file of `name: value` lines that you may read",
        ) from (None if isinstance(error, yaml.YAMLError) else error)


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = ".".join(str(part) for part in first["loc"]) or "settings"
    if first["type"] == "extra_forbidden":
        return f"There is no setting `{name}`"
    says = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"The setting `{name}` has a value that can't be used: {says}"
