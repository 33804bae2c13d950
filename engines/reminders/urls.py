from django.urls import path

from engines.reminders import views

urlpatterns = [path("", views.today, name="today")]
