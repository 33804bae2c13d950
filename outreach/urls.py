from django.urls import path

from outreach import first_call, views

urlpatterns = [
    path("prospects/", views.prospects, name="prospects"),
    path("organisations/<int:pk>/prospects/add/", views.prospect_add, name="prospect_add"),
    path("first-quarter-hour/put-away/", first_call.quarter_hour_put_away, name="quarter_hour_put_away"),
    path("schools/<int:pk>/organisations/paste/", first_call.prospects_paste, name="prospects_paste"),
    path("prospects/<int:pk>/", views.prospect, name="prospect"),
    path("prospects/<int:pk>/call-sheet/", first_call.call_sheet, name="call_sheet"),
    path("initiatives/<int:pk>/call-sheets/", first_call.call_sheets_of_initiative, name="call_sheets"),
    path("prospects/<int:pk>/move/", views.prospect_move, name="prospect_move"),
    path("prospects/<int:pk>/next-step/", views.next_step, name="next_step"),
    path("prospects/<int:pk>/next-step/done/", views.next_step_done, name="next_step_done"),
    path("prospects/<int:pk>/log/", views.interaction_add, name="interaction_add"),
    path("interactions/<int:pk>/edit/", views.interaction_edit, name="interaction_edit"),
    path("prospects/<int:pk>/meetings/add/", views.meeting_add, name="meeting_add"),
    path("meetings/<int:pk>/edit/", views.meeting_edit, name="meeting_edit"),
    path("meetings/<int:pk>/summary/", views.meeting_summary, name="meeting_summary"),
    path("meetings/<int:pk>/cancel/", views.meeting_cancel, name="meeting_cancel"),
    path("meetings/<int:pk>/after/", views.meeting_after, name="meeting_after"),
]
