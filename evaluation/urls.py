from django.urls import path

from evaluation import views

urlpatterns = [
    path("partnership-years/<int:pk>/look-back/", views.evaluation_answer, name="evaluation_answer"),
    path("evaluations/<int:pk>/", views.evaluation, name="evaluation"),
    path("evaluations/<int:pk>/pdf/", views.evaluation_pdf, name="evaluation_pdf"),
    path("evaluations/<int:pk>/choose/", views.evaluation_choose, name="evaluation_choose"),
]
