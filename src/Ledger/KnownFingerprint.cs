namespace Rotunda.Ledger;

/// <summary>A fingerprint that the ledger keeps, with what it takes to tell whether a value is behind it.</summary>
public readonly record struct KnownFingerprint(string Secret, string Salt, long CredentialId, string Fingerprint);
