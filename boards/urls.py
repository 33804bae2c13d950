from django.urls import path

from boards import views, year_views

urlpatterns = [
    path("board/", views.boards, name="boards"),
    path("boards/<int:pk>/", views.board, name="board"),
    path("boards/<int:pk>/first-hour/", views.first_hour, name="first_hour"),
    path("boards/<int:pk>/edit/", views.board_edit, name="board_edit"),
    path("boards/<int:pk>/logo/", views.board_logo, name="board_logo"),
    path("boards/<int:pk>/logo/edit/", views.board_logo_edit, name="board_logo_edit"),
    path("boards/<int:pk>/rates/", views.board_rates, name="board_rates"),
    path("boards/<int:pk>/strategic-goals/add/", views.strategic_goal_add, name="strategic_goal_add"),
    path("strategic-goals/<int:pk>/edit/", views.strategic_goal_edit, name="strategic_goal_edit"),
    path("boards/<int:pk>/closed-days/add/", views.closed_period_add, name="closed_period_add"),
    path("closed-days/<int:pk>/edit/", views.closed_period_edit, name="closed_period_edit"),
    path("boards/<int:pk>/calendar/", year_views.board_calendar, name="board_calendar"),
    path("boards/<int:pk>/calendar/holidays/", year_views.holidays_fill, name="holidays_fill"),
    path("boards/<int:pk>/calendar/parts/add/", year_views.year_part_add, name="year_part_add"),
    path("boards/<int:pk>/calendar/file/", year_views.calendar_file_add, name="calendar_file_add"),
    path("calendar-files/<int:pk>/", year_views.calendar_file, name="calendar_file"),
    path("year-parts/<int:pk>/edit/", year_views.year_part_edit, name="year_part_edit"),
]
