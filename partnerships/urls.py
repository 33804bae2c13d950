from django.urls import path

from partnerships import views

urlpatterns = [
    path("partnerships/", views.partnerships, name="partnerships"),
    path("partnerships/<int:pk>/", views.partnership, name="partnership"),
    path("partnerships/<int:pk>/school-year/", views.partnership_year_runs, name="partnership_year_runs"),
    path("partnerships/<int:pk>/edit/", views.partnership_edit, name="partnership_edit"),
    path("partnerships/<int:pk>/share/", views.partnership_share, name="partnership_share"),
    path("partnerships/<int:pk>/invite/", views.partnership_invite, name="partnership_invite"),
    path("partnerships/<int:pk>/agree/", views.partnership_agree, name="partnership_agree"),
    path("partnerships/<int:pk>/move/", views.partnership_move, name="partnership_move"),
    path("partnerships/<int:pk>/people/end/", views.partner_person_end, name="partner_person_end"),
    path("partnerships/<int:pk>/years/add/", views.year_add, name="year_add"),
    path("partnership-years/<int:pk>/edit/", views.year_edit, name="year_edit"),
    path("partnership-years/<int:pk>/promises/add/", views.commitment_add, name="commitment_add"),
    path("promises/<int:pk>/edit/", views.commitment_edit, name="commitment_edit"),
    path("promises/<int:pk>/withdraw/", views.commitment_withdraw, name="commitment_withdraw"),
    path("promises/<int:pk>/delivered/", views.commitment_deliver, name="commitment_deliver"),
    path("partnership-years/<int:pk>/sessions/", views.sessions_of_year, name="sessions"),
    path("partnership-years/<int:pk>/sessions/add/", views.session_add, name="session_add"),
    path("sessions/<int:pk>/", views.session, name="session"),
    path("sessions/<int:pk>/correct/", views.session_correct, name="session_correct"),
    path("sessions/<int:pk>/cancel/", views.session_cancel, name="session_cancel"),
    path("participations/<int:pk>/answer/", views.participation_answer, name="participation_answer"),
    path("prospects/<int:pk>/begin/", views.partnership_begin, name="partnership_begin"),
    path("partnerships/already-with-us/<int:pk>/", views.already_with_us, name="already_with_us"),
]
