"""Reads the templates of a policy pack from its folder."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from crisis_bus.domain.values import Kind
from crisis_bus.errors import PolicyError
from crisis_bus.text.compose import validate
from crisis_bus.text.forms import KindForms, Labels, Templates

Model = TypeVar("Model", bound=BaseModel)


def load_templates(folder: Path) -> Templates:
    """All forms of a pack, each filled once to prove it; raises PolicyError with file and reason."""
    files = {kind: _read(folder / f"{kind}.yaml", KindForms) for kind in Kind}
    templates = Templates.compiled(files, _read(folder / "labels.yaml", Labels))
    validate(templates)
    return templates


def _read(path: Path, model: type[Model]) -> Model:
    where = f"{path.parent.name}/{path.name}"
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        msg = f"{where} is missing; every kind of statement needs its template"
        raise PolicyError(msg) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        msg = f"{where} cannot be read: {error}"
        raise PolicyError(msg) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"]) or "the file"
        msg = f"{where}: {field}: {first['msg']}"
        raise PolicyError(msg) from error
