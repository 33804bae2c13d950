from django.urls import path

from schools.views import family, initiative, need, school, year

urlpatterns = [
    path("schools/", school.schools, name="schools"),
    path("boards/<int:pk>/schools/add/", family.school_add, name="school_add"),
    path("boards/<int:pk>/families/", family.families, name="families"),
    path("boards/<int:pk>/families/add/", family.family_add, name="family_add"),
    path("families/<int:pk>/edit/", family.family_edit, name="family_edit"),
    path("schools/<int:pk>/", school.school, name="school"),
    path("schools/<int:pk>/year/", year.school_year, name="school_year"),
    path("schools/<int:pk>/edit/", school.school_edit, name="school_edit"),
    path("schools/<int:pk>/goals/add/", school.improvement_goal_add, name="improvement_goal_add"),
    path("improvement-goals/<int:pk>/edit/", school.improvement_goal_edit, name="improvement_goal_edit"),
    path("initiatives/", initiative.initiatives, name="initiatives"),
    path("schools/<int:pk>/initiatives/add/", initiative.initiative_add, name="initiative_add"),
    path("initiatives/<int:pk>/", initiative.initiative, name="initiative"),
    path("initiatives/<int:pk>/edit/", initiative.initiative_edit, name="initiative_edit"),
    path("initiatives/<int:pk>/summary/", initiative.initiative_summary, name="initiative_summary"),
    path("initiatives/<int:pk>/goals/add/", initiative.goal_add, name="goal_add"),
    path("goals/<int:pk>/edit/", initiative.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/remove/", initiative.goal_remove, name="goal_remove"),
    path("initiatives/<int:pk>/measures/add/", initiative.measure_add, name="measure_add"),
    path("measures/<int:pk>/edit/", initiative.measure_edit, name="measure_edit"),
    path("measures/<int:pk>/remove/", initiative.measure_remove, name="measure_remove"),
    path("schools/<int:pk>/needs/add/", need.need_add, name="need_add"),
    path("initiatives/<int:pk>/needs/add/", need.initiative_need_add, name="initiative_need_add"),
    path("schools/<int:pk>/needs/sentence/", need.need_sentence, name="need_sentence"),
    path("needs/<int:pk>/edit/", need.need_edit, name="need_edit"),
    path("needs/<int:pk>/open/", need.need_open, name="need_open"),
    path("needs/<int:pk>/withdraw/", need.need_withdraw, name="need_withdraw"),
]
