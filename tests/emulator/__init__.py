"""The connectors against `backlot`, an emulator of several vendors that other people wrote."""
