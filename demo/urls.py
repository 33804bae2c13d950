from django.urls import path

from demo import views

urlpatterns = [
    path("begin/", views.begin, name="begin"),
    path("components/", views.components, name="components"),
]
