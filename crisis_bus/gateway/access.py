"""Who asks, and what the key allows; every denial is an event for the audit."""

from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from crisis_bus.gateway.deps import GatewayDeps, deps_of
from crisis_bus.gateway.keys import ApiKey, Denial, Denied, Scope
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem

log = structlog.get_logger(__name__)
_bearer = HTTPBearer(
    auto_error=False, scheme_name="ApiKey", bearerFormat="cb_<id>_<secret>", description="An API key of this gateway."
)
Deps = Annotated[GatewayDeps, Depends(deps_of)]
REHEARSAL = "rehearsal-"
"""Spaces whose names begin so may be rehearsals, in which one key may speak for many people."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is authenticated."""

    key: ApiKey
    deps: GatewayDeps

    def space(self, asked: str | None) -> str:
        """The space that is meant, if the key is good for it; raises Problem."""
        space = asked or self.deps.space
        if not self.key.enters(space):
            detail = Both("مفتاحك لا يصلح لهذه المساحة", "your key is not good for this space")
            raise self.denied(Denial.SPACE, detail, "space")
        return space

    def speaker(self, claimed: str, space: str) -> str:
        """For whom the caller speaks: the key's person, or in a rehearsal whoever is named; raises Problem."""
        if claimed == self.key.by or self.directs(space):
            return claimed
        arabic = "المتحدث هو صاحب المفتاح دائماً؛ احذف الحقل by"
        english = "who speaks is the person of the key; leave out the field by"
        raise self.denied(Denial.SPEAKS_FOR_OTHERS, Both(arabic, english), "by")

    def directs(self, space: str) -> bool:
        """Whether the caller may play everybody's part and set the time: only where nothing is real."""
        if not self.key.may_speak_for_others or not space.startswith(REHEARSAL):
            return False
        must_know(self.deps)
        ledger = self.deps.views.ledger
        real = ledger.known(space) and ledger.zero(space) is None
        return not real

    def denied(self, rule: Denial, detail: Both, field: str | None = None) -> Problem:
        """The answer to what the key does not allow; the denial is logged and counted."""
        return denied(self.deps, rule, self.key.id, Problem(403, Code.NOT_ALLOWED, detail, field))


def must_know(deps: GatewayDeps) -> None:
    """Refuse to answer from half of the past: after a start the views are read anew; raises Problem."""
    if not all(deps.ready().values()):
        detail = Both(
            "البوابة تقرأ السجل؛ أعد المحاولة بعد ثوانٍ", "the gateway is still reading the log; try again in seconds"
        )
        raise Problem(503, Code.BUSY, detail, headers={"Retry-After": "2"})


def denied(deps: GatewayDeps, rule: Denial, key: str | None, problem: Problem) -> Problem:
    """Log and count who was kept out; gives the answer."""
    log.warning("access_denied", rule=rule.value, key=key)
    deps.meter.denied(rule.value)
    return problem


class Needs:
    """A dependency: the caller has this scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(
        self,
        request: Request,
        deps: Deps,
        _credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> Caller:
        """Authenticate, then authorise; raises Problem."""
        found = deps.keys().authenticate(request.headers.get("authorization"))
        if isinstance(found, Denied):
            detail = Both(
                "أرسل المفتاح في الترويسة: Authorization: Bearer cb_…", "send the key as Authorization: Bearer cb_…"
            )
            headers = {"WWW-Authenticate": 'Bearer realm="crisis_bus"'}
            problem = Problem(401, Code.UNAUTHENTICATED, detail, headers=headers)
            raise denied(deps, found.rule, found.key, problem)
        caller = Caller(found, deps)
        if not found.may(self.scope):
            detail = Both(f"ينقص مفتاحك النطاق {self.scope}", f"your key lacks the scope {self.scope}")
            raise caller.denied(Denial.SCOPE, detail)
        if self.scope is Scope.READ:
            must_know(deps)
        return caller


def _operator(caller: Annotated[Caller, Depends(Needs(Scope.COMMAND))]) -> Caller:
    """Deliveries are this government's: a key of the Office's own that commands, or an administrator's."""
    caller.space(None)
    if caller.key.may(Scope.ADMIN) or caller.key.entity == caller.deps.operations.office:
        return caller
    detail = Both("هذا لمكتب الاتصال الحكومي ومديري النظام", "only the Office and administrators do this")
    raise caller.denied(Denial.OFFICE, detail)


Reader = Annotated[Caller, Depends(Needs(Scope.READ))]
Commander = Annotated[Caller, Depends(Needs(Scope.COMMAND))]
Reporter = Annotated[Caller, Depends(Needs(Scope.REPORT))]
Subscriber = Annotated[Caller, Depends(Needs(Scope.SUBSCRIBE))]
Administrator = Annotated[Caller, Depends(Needs(Scope.ADMIN))]
Operator = Annotated[Caller, Depends(_operator)]
