"""Failures of mock, each with the exit status that mock documents for it."""


class MockError(Exception):
    status = 1


class BadConfiguration(MockError):
    status = 3


class BadCommandLine(MockError):
    status = 5


class Timeout(MockError):
    status = 11


class PackageManagerFailed(MockError):
    status = 30


class NoResults(MockError):
    status = 40


class Locked(MockError):
    status = 60


class NoResultDirectory(MockError):
    status = 70
