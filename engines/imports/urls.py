from django.urls import path

from engines.imports import views

urlpatterns = [
    path("boards/<int:pk>/imports/", views.imports, name="imports"),
    path("imports/<int:pk>/", views.import_, name="import"),
    path("imports/<int:pk>/columns/", views.import_columns, name="import_columns"),
    path("imports/<int:pk>/refused/", views.import_refused, name="import_refused"),
    path("imports/<int:pk>/apply/", views.import_apply, name="import_apply"),
    path("imports/<int:pk>/stop/", views.import_stop, name="import_stop"),
]
