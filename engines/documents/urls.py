from django.urls import path

from engines.documents import views

urlpatterns = [
    path("documents/<int:pk>/", views.document, name="document"),
    path("documents/<int:pk>/pdf/", views.pdf, name="document_pdf"),
    path("read/<str:link>/", views.by_link, name="document_by_link"),
    path("documents/<int:pk>/text/", views.twin, name="document_twin"),
]
