using MongoDB.Bson;

namespace Rotunda.Testing.VendorFakes;

/// <summary>A user of the database admin of a <see cref="FakeMongo"/>.</summary>
public sealed class FakeMongoUser(string name, string password)
{
    public string Name { get; } = name;

    public string Password { get; set; } = password;

    public BsonArray Roles { get; set; } = [new BsonDocument { { "role", "readWrite" }, { "db", "orders" } }];

    public BsonArray Restrictions { get; set; } = [];

    public BsonArray Mechanisms { get; set; } = ["SCRAM-SHA-1", "SCRAM-SHA-256"];

    /// <summary>What it may do on all of the database admin.</summary>
    public BsonArray Actions { get; set; } = [];
}
