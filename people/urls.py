from django.urls import path

from people.views import account, address, coming_in, members, privacy

urlpatterns = [
    path("come-in/<str:token>/", coming_in.sign_in_link, name="sign_in_link"),
    path("invitations/<str:invitation>/accept/", coming_in.accept_invitation, name="accept_invitation"),
    path("members/", members.people, name="people"),
    path("members/invite/", members.invite, name="invite"),
    path("members/invitations/<int:pk>/again/", members.invitation_again, name="invitation_again"),
    path("members/invitations/<int:pk>/withdraw/", members.invitation_withdraw, name="invitation_withdraw"),
    path("members/roles/<int:pk>/", members.membership_change, name="membership_change"),
    path("members/roles/<int:pk>/end/", members.membership_end, name="membership_end"),
    path("members/roles/<int:pk>/away/", members.membership_away, name="membership_away"),
    path("members/days-away/<int:pk>/call-off/", members.absence_call_off, name="absence_call_off"),
    path("me/", account.me, name="me"),
    path("me/address/", address.address, name="address_of_me"),
    path("me/sessions/", account.sessions, name="sessions_of_me"),
    path("me/sessions/end/", account.session_end, name="session_end"),
    path("me/data/", privacy.me_data, name="me_data"),
    path("me/data/json/", privacy.me_data_json, name="me_data_json"),
    path("me/data/file/", privacy.me_data_file, name="me_data_file"),
    path("privacy/", privacy.what_is_kept, name="what_is_kept"),
    path("boards/<int:pk>/privacy/", privacy.board_privacy, name="board_privacy"),
    path("boards/<int:pk>/privacy/hold/", privacy.legal_hold_add, name="legal_hold_add"),
    path("boards/<int:pk>/privacy/ask/", privacy.access_request_add, name="access_request_add"),
    path("legal-holds/<int:pk>/lift/", privacy.legal_hold_lift, name="legal_hold_lift"),
    path("access-requests/<int:pk>/", privacy.access_request, name="access_request"),
    path("access-requests/<int:pk>/json/", privacy.access_request_json, name="access_request_json"),
    path("access-requests/<int:pk>/file/", privacy.access_request_file, name="access_request_file"),
    path("access-requests/<int:pk>/erase/", privacy.access_request_erase, name="access_request_erase"),
    path("language/", account.language, name="language"),
    path("theme/", account.theme, name="theme"),
]
