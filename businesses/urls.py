from django.urls import path

from businesses import views

urlpatterns = [
    path("organisations/", views.businesses, name="businesses"),
    path("boards/<int:pk>/organisations/add/", views.business_add, name="business_add"),
    path("organisations/<int:pk>/", views.business, name="business"),
    path("organisations/<int:pk>/edit/", views.business_edit, name="business_edit"),
    path("organisations/<int:pk>/people/add/", views.contact_add, name="contact_add"),
    path("people/<int:pk>/edit/", views.contact_edit, name="contact_edit"),
]
