from django.urls import path

from people import views

urlpatterns = [
    path("come-in/<str:token>/", views.sign_in_link, name="sign_in_link"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
]
