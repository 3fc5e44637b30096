namespace Rotunda.Providers.Databases.MongoDb;

/// <summary>The settings, or what they name, are wrong; the message says what to do.</summary>
internal sealed class MongoSetupException(string message) : Exception(message);
