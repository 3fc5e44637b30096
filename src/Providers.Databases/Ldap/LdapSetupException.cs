namespace Rotunda.Providers.Databases.Ldap;

/// <summary>The settings, or what they name, are wrong; the message says what to do.</summary>
internal sealed class LdapSetupException(string message) : Exception(message);
