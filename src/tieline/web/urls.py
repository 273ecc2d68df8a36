"""Every address there is, and the view it leads to."""

from __future__ import annotations

from django.urls import path

from tieline.web.api import keys_page, operations
from tieline.web.collector import urls as collector
from tieline.web.pages import (
    account,
    actions_page,
    catalogue,
    contact,
    deciding,
    funnel,
    home,
    jobs_page,
    lists,
    managing,
    review_page,
    signing_in,
    sources_page,
    universe,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("find", lists.find_anything, name="find"),
    path("accounts", lists.accounts, name="accounts"),
    path("accounts.csv", lists.accounts_csv, name="accounts-csv"),
    path("accounts/<str:identifier>", account.account, name="account"),
    path("sites", lists.sites, name="sites"),
    path("sites.csv", lists.sites_csv, name="sites-csv"),
    path("sites/<str:identifier>", account.site, name="site"),
    path("contacts", lists.contacts, name="contacts"),
    path("contacts.csv", lists.contacts_csv, name="contacts-csv"),
    path("contacts/<str:identifier>", contact.contact, name="contact"),
    path("views/save", lists.save_view, name="view-save"),
    path("views/<int:number>/forget", lists.forget_view, name="view-forget"),
    path("funnel", funnel.funnel, name="funnel"),
    path("funnel/rows", funnel.rows, name="funnel-rows"),
    path("universe", universe.universe, name="universe"),
    path("universe/<str:segment>/<str:name>", universe.gap, name="gap"),
    path("actions", actions_page.actions, name="actions"),
    path("review", review_page.question, name="review"),
    path("review/answer", review_page.answer, name="review-answer"),
    path("review/back", review_page.take_back, name="review-back"),
    path("review/done", review_page.done, name="review-done"),
    path("decisions", deciding.decisions, name="decisions"),
    path("decide/<str:deed>", deciding.decide, name="decide"),
    path("sources", sources_page.sources, name="sources"),
    path("sources/upload", sources_page.upload, name="sources-upload"),
    path("sources/of/<str:name>", sources_page.source, name="source"),
    path("catalogue", catalogue.catalogue, name="catalogue"),
    path("catalogue/<str:name>", catalogue.table, name="catalogue-table"),
    path("jobs", jobs_page.all_jobs, name="jobs"),
    path("jobs/build", jobs_page.start_build, name="jobs-build"),
    path("jobs/<int:number>", jobs_page.one_job, name="jobs-one"),
    path("jobs/<int:number>/cancel", jobs_page.cancel, name="jobs-cancel"),
    path("people", managing.people, name="people"),
    path("people/<int:number>", managing.change, name="people-change"),
    path("people/links/<int:number>", managing.withdraw, name="people-withdraw"),
    path("audit", managing.log, name="audit"),
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("welcome/<str:secret>", signing_in.welcome, name="welcome"),
    path("password", signing_in.own_password, name="own-password"),
    path("health", signing_in.health, name="health"),
    path("keys", keys_page.keys_page, name="keys"),
    path("keys/<int:number>/revoke", keys_page.revoke, name="keys-revoke"),
    path("api", keys_page.api_page, name="api"),
    path("api/v1/openapi.json", keys_page.openapi, name="api-openapi"),
    *operations.urlpatterns,
    *collector.urlpatterns,
]

handler400 = "tieline.web.faults.refused"
handler404 = "tieline.web.faults.missing"
handler500 = "tieline.web.faults.broken"
