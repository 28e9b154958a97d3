"""The desk: what readers asked in vain, what to do about it, and how the bot fares."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.authoring.desk import DAYS, Desk
from bot.authoring.forms import Form, proposal_of
from bot.authoring.model import Cluster, Trends
from bot.channels.web.admissions import COOKIE, Admissions, visitor
from bot.channels.web.bench import Attempt, Bench
from bot.channels.web.forms import form_of
from bot.channels.web.plots import Plot, lines, stacked
from bot.channels.web.templates import Templates
from bot.errors import AuthoringError, GuidebotError, StoreError

log = logging.getLogger(__name__)

MOST_LISTED = 50

Page = Callable[[Request], Awaitable[Response]]


class DeskPages:
    """One method for each page and form of the desk; each lets in only whom it may."""

    def __init__(
        self, desk: Desk, admissions: Admissions, templates: Templates, renew: Callable[[], None]
    ) -> None:
        """Show `desk`; `renew` makes every page anew once the knowledge has changed."""
        self._desk = desk
        self._admissions = admissions
        self._templates = templates
        self._renew = renew
        self._bench = Bench(desk)

    def routes(self) -> list[Route]:
        """Return every address of the desk."""
        question = "/desk/questions/{cluster}"
        return [
            Route("/desk", self._admitted(self.overview)),
            Route("/desk/enter", self.enter, methods=["POST"]),
            Route("/desk/leave", self._admitted(self.leave), methods=["POST"]),
            Route(question, self._admitted(self.question)),
            Route(f"{question}/dismiss", self._admitted(self.dismiss), methods=["POST"]),
            Route(f"{question}/try", self._admitted(self.attempt), methods=["POST"]),
            Route("/desk/trials/{trial}", self._admitted(self.trial)),
            Route("/desk/trials/{trial}/accept", self._admitted(self.accept), methods=["POST"]),
        ]

    async def overview(self, request: Request) -> Response:
        """Show what was asked in vain, and how the bot fares."""
        clusters, trends = await self._desk.clusters(), await self._desk.trends()
        values = {
            "clusters": [self._desk.near(each) for each in clusters[:MOST_LISTED]],
            "others": max(len(clusters) - MOST_LISTED, 0),
            "trends": trends,
            "plots": _plots(trends),
            "days": DAYS,
        }
        return self._shown(request, "desk.html", values)

    async def enter(self, request: Request) -> Response:
        """Let in who knows the token."""
        form = await form_of(request, self._admissions)
        name = self._admissions.enter(form.get("token", ""))
        if not name:
            log.warning("somebody gave a wrong ADMIN_TOKEN")
            status = HTTPStatus.TOO_MANY_REQUESTS if self._admissions.shut else HTTPStatus.FORBIDDEN
            return self._door(request, status)
        return _remembering(RedirectResponse("/desk", HTTPStatus.SEE_OTHER), name, request)

    async def leave(self, request: Request) -> Response:
        """Let a visitor out."""
        await form_of(request, self._admissions)
        self._admissions.leave(visitor(request))
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)

    async def question(self, request: Request) -> Response:
        """Show one cluster, and what can be done about it."""
        return self._cluster_page(request, await self._cluster(request))

    async def dismiss(self, request: Request) -> Response:
        """Put a cluster aside for good."""
        await form_of(request, self._admissions)
        await self._desk.dismiss(await self._cluster(request))
        return RedirectResponse("/desk", HTTPStatus.SEE_OTHER)

    async def attempt(self, request: Request) -> Response:
        """Begin to try what a form proposes."""
        form = await form_of(request, self._admissions)
        cluster = await self._cluster(request)
        try:
            name = self._bench.begin(cluster, proposal_of(form))
        except AuthoringError as error:
            return self._cluster_page(request, cluster, form, str(error))
        return RedirectResponse(f"/desk/trials/{name}", HTTPStatus.SEE_OTHER)

    async def trial(self, request: Request) -> Response:
        """Show how far a trial is, or what came of it."""
        return self._trial_page(request, self._attempt(request))

    async def accept(self, request: Request) -> Response:
        """Write what was tried, and serve the changed guide from now on."""
        await form_of(request, self._admissions)
        attempt = self._attempt(request)
        if attempt.trial is None:
            raise HTTPException(HTTPStatus.CONFLICT)
        try:
            backup = await self._desk.accept(attempt.trial, attempt.cluster)
        except AuthoringError as error:
            return self._trial_page(request, attempt, str(error))
        self._bench.drop(request.path_params["trial"])
        renewed = True
        try:
            await asyncio.to_thread(self._renew)
        except GuidebotError as error:
            log.warning("the changed guide is not served yet: %s", error)
            renewed = False
        values = {"trial": attempt.trial, "backup": backup, "renewed": renewed}
        return self._shown(request, "written.html", values)

    def _admitted(self, page: Page) -> Page:
        """Return `page` for those who may see it; others find the door."""

        async def guarded(request: Request) -> Response:
            if not self._admissions.admits(request):
                return self._door(request, HTTPStatus.FORBIDDEN)
            try:
                return await page(request)
            except StoreError as error:
                log.warning("the desk has no database: %s", error)
                raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE) from None

        return guarded

    async def _cluster(self, request: Request) -> Cluster:
        """Return the cluster that the address names. Raises HTTPException if it is gone."""
        found = await self._desk.cluster(request.path_params["cluster"])
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found

    def _attempt(self, request: Request) -> Attempt:
        """Return the trial that the address names. Raises HTTPException if it is gone."""
        found = self._bench.get(request.path_params["trial"])
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found

    def _door(self, request: Request, status: int) -> Response:
        """Ask for the token, or say that there is none."""
        admissions = self._admissions
        values = {"can_enter": admissions.can_enter, "shut": admissions.shut}
        tried = request.method == "POST"
        return self._shown(request, "door.html", {**values, "tried": tried}, status)

    def _cluster_page(
        self, request: Request, cluster: Cluster, form: Form | None = None, error: str = ""
    ) -> Response:
        """Show a cluster; after a faulty form, with what was typed and what is wrong with it."""
        knowledge = self._desk.catalogue.knowledge
        values = {
            "cluster": cluster,
            "entries": [each for each in knowledge.entries if each.phrases],
            "fields": knowledge.outside,
            "form": form or {},
            "error": error,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
        return self._shown(request, "question.html", values, status)

    def _trial_page(self, request: Request, attempt: Attempt, error: str = "") -> Response:
        """Show a trial."""
        path = f"/desk/trials/{request.path_params['trial']}"
        values = {"attempt": attempt, "trial": attempt.trial, "error": error or attempt.error}
        values["request_path"] = path
        status = HTTPStatus.CONFLICT if error else HTTPStatus.OK
        return self._shown(request, "trial.html", values, status)

    def _shown(
        self, request: Request, name: str, values: dict[str, Any], status: int = HTTPStatus.OK
    ) -> Response:
        """Fill in a page whose forms bear the visitor's seal."""
        who = visitor(request) or secrets.token_urlsafe()
        seal = self._admissions.seal(who)
        leaves = self._admissions.can_enter and self._admissions.admits(request)
        values = {**values, "seal": seal, "leaves": leaves}
        return _remembering(self._templates.response(name, values, status=status), who, request)


def _remembering(response: Response, name: str, request: Request) -> Response:
    """Let the browser keep the visitor's id, for the desk alone."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, name, path="/desk", httponly=True, samesite="strict", secure=secure)
    return response


def _plots(trends: Trends) -> dict[str, Plot]:
    """Return the plots of the overview by their names."""
    return {
        "asked": stacked(trends.days, ("answer", "refer", "clarify", "abstain")),
        "rate": lines(trends.days, ("rate",), top=1.0),
        "votes": stacked(trends.days, ("up", "down")),
        "took": lines(trends.days, ("half", "most")),
    }
