"""`kansatsu migrate` brings a database to the present, any number of times, with the editions that hold facts."""


def test_the_shipped_editions_are_there_and_the_made_up_one_is_not(migrated):
    assert migrated.sql("SELECT id, predecessor_id, status FROM criteria_edition ORDER BY id") == [
        ("ismap-2022-04", None, "published"),
        ("ismap-2024-07", "ismap-2022-04", "published"),
        ("ismap-r7-draft", "ismap-2024-07", "published"),
    ]


def test_the_shipped_mapping_sets_are_there_and_those_that_were_withdrawn_stay_so(migrated):
    ids = "SELECT id, status FROM criteria_mappingset ORDER BY id"
    assert migrated.sql(ids) == [
        ("ismap-2022-04-to-r7-draft", "in_use"),
        ("ismap-2024-07-to-r7-draft", "in_use"),
    ]
    migrated.sql("UPDATE criteria_mappingset SET status = 'withdrawn' WHERE id = 'ismap-2022-04-to-r7-draft'")
    assert migrated.run("migrate").code == 0
    assert migrated.sql(ids)[0] == ("ismap-2022-04-to-r7-draft", "withdrawn")


def test_migrating_again_changes_nothing(migrated):
    before = migrated.content()
    done = migrated.run("migrate")

    assert (done.code, done.out) == (0, "")
    assert done.err == "The database is at the present state.\n"
    assert migrated.content() == before


def test_an_edition_of_other_content_is_a_conflict(migrated):
    migrated.sql("UPDATE criteria_edition SET content_hash = 'other' WHERE id = 'ismap-2022-04'")
    done = migrated.run("migrate")

    assert done.code == 6
    assert "Edition “ismap-2022-04” is here already, with other content." in done.err


def test_a_server_that_does_not_answer_is_a_wrong_state(bare, port):
    done = bare.run("migrate", DATABASE_URL=f"postgresql://kansatsu@127.0.0.1:{port}/kansatsu")

    assert done.code == 5
    assert done.err.startswith("DATABASE_URL: The database cannot be reached.")


def test_a_folder_that_cannot_be_made_is_named(bare, tmp_path):
    (tmp_path / "file").touch()
    done = bare.run("migrate", KANSATSU_VAR=str(tmp_path / "file" / "var"))

    assert done.code == 3
    assert done.err.startswith("KANSATSU_VAR: This cannot be written")
