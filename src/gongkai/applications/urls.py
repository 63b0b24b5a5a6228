"""Addresses of the applicant's side. None of them holds a number, a name or a code of a case."""

from django.urls import path

from gongkai.applications.public.views import account, filing, start, tracking

app_name = "apply"
urlpatterns = [
    path("", start.start, name="start"),
    path("guide/", start.guide, name="guide"),
    path("privacy/", start.privacy, name="privacy"),
    path("blank.<slug:kind>", start.blank, name="blank"),
    path("receipt/", filing.receipt, name="receipt"),
    path("receipt.pdf", filing.receipt_pdf, name="receipt_pdf"),
    path("track/", tracking.track, name="track"),
    path("mine/", tracking.mine, name="mine"),
    path("leave/", tracking.leave, name="leave"),
    path("account/", account.account, name="account"),
    path("account/login/", account.login, name="account_login"),
    path("account/password/", account.password, name="account_password"),
    path("account/delete/", account.delete, name="account_delete"),
    path("account/add/", account.add, name="account_add"),
    path("mine/<int:place>/", tracking.case, name="case"),
    path("mine/<int:place>/letters/<int:pk>/", tracking.letter, name="letter"),
    path("mine/<int:place>/files/<int:pk>/", tracking.file, name="file"),
    path("mine/<int:place>/contact/", tracking.contact, name="contact"),
    path("mine/<int:place>/rate/", tracking.rate, name="rate"),
    path("mine/<int:place>/<slug:name>/", tracking.act, name="act"),
    path("<slug:slug>/", filing.form, name="form"),
]
