def test_a_service_reaches_the_register(walk):
    walk.to("registered")
    assert walk.entry.standing.valid_until.isoformat() == "2026-07-31"
