from django.urls import path

from schools import views

urlpatterns = [
    path("schools/", views.schools, name="schools"),
    path("schools/<int:pk>/", views.school, name="school"),
    path("schools/<int:pk>/edit/", views.school_edit, name="school_edit"),
    path("schools/<int:pk>/goals/add/", views.improvement_goal_add, name="improvement_goal_add"),
    path("improvement-goals/<int:pk>/edit/", views.improvement_goal_edit, name="improvement_goal_edit"),
    path("initiatives/", views.initiatives, name="initiatives"),
    path("schools/<int:pk>/initiatives/add/", views.initiative_add, name="initiative_add"),
    path("initiatives/<int:pk>/", views.initiative, name="initiative"),
    path("initiatives/<int:pk>/edit/", views.initiative_edit, name="initiative_edit"),
    path("initiatives/<int:pk>/summary/", views.initiative_summary, name="initiative_summary"),
    path("initiatives/<int:pk>/goals/add/", views.goal_add, name="goal_add"),
    path("goals/<int:pk>/edit/", views.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/remove/", views.goal_remove, name="goal_remove"),
    path("initiatives/<int:pk>/measures/add/", views.measure_add, name="measure_add"),
    path("measures/<int:pk>/edit/", views.measure_edit, name="measure_edit"),
    path("measures/<int:pk>/remove/", views.measure_remove, name="measure_remove"),
    path("schools/<int:pk>/needs/add/", views.need_add, name="need_add"),
    path("initiatives/<int:pk>/needs/add/", views.initiative_need_add, name="initiative_need_add"),
    path("schools/<int:pk>/needs/sentence/", views.need_sentence, name="need_sentence"),
    path("needs/<int:pk>/edit/", views.need_edit, name="need_edit"),
    path("needs/<int:pk>/open/", views.need_open, name="need_open"),
    path("needs/<int:pk>/withdraw/", views.need_withdraw, name="need_withdraw"),
]
