namespace Rotunda.Providers.Databases.MongoDb;

/// <summary>A server answers, and none of those that are known takes changes.</summary>
internal sealed class MongoNoPrimaryException() : TimeoutException("No primary was found in time.");
