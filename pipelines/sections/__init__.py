"""The sections of hotline.toml, a module each: what may stand in them and what is wrong with it."""
