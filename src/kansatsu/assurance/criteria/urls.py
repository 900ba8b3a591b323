"""Addresses of the criteria."""

from django.urls import path

from kansatsu.assurance.criteria.views import bring_in, browse, discuss, mapping

app_name = "criteria"
urlpatterns = [
    path("criteria/", browse.shelf, name="shelf"),
    path("criteria/search/", browse.search, name="search"),
    path("criteria/compare/", browse.compare, name="compare"),
    path("criteria/compare/table/", browse.compare_table, name="compare_table"),
    path("criteria/import/", bring_in.import_, name="import"),
    path("criteria/comments/<int:pk>/", discuss.one, name="comment_one"),
    path("criteria/comments/<int:pk>/act/<slug:act>/", discuss.act, name="comment_act"),
    path("criteria/load-mapping/", mapping.load, name="load_mapping"),
    path("criteria/mappings/<str:mapping_id>/", mapping.mapping, name="mapping"),
    path("criteria/mappings/<str:mapping_id>/act/<slug:act>/", mapping.act, name="mapping_act"),
    path("criteria/mappings/<str:mapping_id>/export/<slug:form>/", mapping.export, name="export_mapping"),
    path("criteria/editions/<str:edition_id>/", browse.edition, name="edition"),
    path("criteria/editions/<str:edition_id>/print/", browse.in_print, name="print"),
    path("criteria/editions/<str:edition_id>/replace/", bring_in.replace, name="replace"),
    path("criteria/editions/<str:edition_id>/original/", bring_in.original, name="original"),
    path("criteria/editions/<str:edition_id>/comments/", discuss.comments, name="comments"),
    path("criteria/editions/<str:edition_id>/act/<slug:act>/", browse.act, name="act"),
    path("criteria/editions/<str:edition_id>/export/<slug:form>/", browse.export, name="export"),
    path("criteria/editions/<str:edition_id>/<str:number>/", browse.control, name="control"),
    path("criteria/editions/<str:edition_id>/<str:number>/comment/", discuss.comment, name="comment"),
]
