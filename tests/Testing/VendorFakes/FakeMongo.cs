using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Rotunda.Testing.VendorFakes;

/// <summary>
/// A strict stand-in for a MongoDB server on a real socket, as far as a login goes: the wire protocol (OP_MSG, and OP_QUERY for the first
/// word), hello, SCRAM-SHA-256, and commands that only who is logged in may give. Anything else is a failure that
/// <see cref="AssertClean"/> reports. With <see cref="FakeMongoUsers"/> it also knows the commands about users.
/// No server can be had where these tests run.
/// </summary>
public sealed class FakeMongo : IAsyncDisposable
{
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMessage = 2013;
    private readonly LocalListener _listener;
    private readonly Func<string, string?> _passwordOf;
    private readonly ConcurrentDictionary<FakeMongoLogin, bool> _open = new();
    private readonly FakeMongoUsers? _users;
    private int _logins;

    /// <summary>A server of one's own.</summary>
    public FakeMongo(FakeMongoUsers users)
        : this(name => users[name]?.Password) => _users = users;

    /// <param name="passwordOf">The password of a user of the database admin; null for one that is not there.</param>
    public FakeMongo(Func<string, string?> passwordOf)
    {
        _passwordOf = passwordOf;
        _listener = new LocalListener(ServeAsync);
    }

    /// <summary>Without a login.</summary>
    public string Address => $"mongodb://{Host}/?directConnection=true";

    /// <summary>HOST:PORT of each member of the replica set, as hello tells them; empty for a server alone.</summary>
    public IReadOnlyList<string> Members { get; set; } = [];

    /// <summary>Whether it takes no changes.</summary>
    public bool IsSecondary { get; set; }

    /// <summary>HOST:PORT.</summary>
    public string Host => $"127.0.0.1:{_listener.Port}";

    /// <summary>How many logins worked.</summary>
    public int Logins => _logins;

    /// <inheritdoc cref="LocalListener.AssertClean"/>
    public void AssertClean() => _listener.AssertClean();

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stopping)
    {
        var login = new FakeMongoLogin(_passwordOf);
        _open[login] = true;
        try
        {
            var stream = client.GetStream();
            var head = new byte[16];
            while (true)
            {
                await stream.ReadExactlyAsync(head, stopping);
                var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(head) - head.Length];
                await stream.ReadExactlyAsync(body, stopping);
                var id = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4));
                var code = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12));
                var command = Read(code, body);
                var answer = Answer(command, login).ToBson();
                if (_users?.LoseAnswerOf == command.GetElement(0).Name)
                {
                    return;
                }

                await stream.WriteAsync(Framed(code, id, answer), stopping);
            }
        }
        finally
        {
            _open.TryRemove(login, out _);
        }
    }

    private static BsonDocument Read(int code, byte[] body)
    {
        // Flags; a section of kind 0 with the one document.
        if (code == OpMessage && body[4] == 0)
        {
            return BsonSerializer.Deserialize<BsonDocument>(body[5..]);
        }

        if (code != OpQuery)
        {
            throw new FakeVendorException($"An operation {code} that this server does not know.");
        }

        // Flags, the collection's name ("admin.$cmd") with a zero behind it, two numbers.
        var end = Array.IndexOf(body, (byte)0, 4);
        var command = BsonSerializer.Deserialize<BsonDocument>(body[(end + 9)..]);
        command["$db"] = Encoding.UTF8.GetString(body[4..end]).Split('.')[0];
        return command;
    }

    private static byte[] Framed(int code, int to, byte[] document)
    {
        // A reply: flags, a cursor, where it starts, how many; a message: flags and the section's kind.
        var between = code == OpQuery ? 20 : 5;
        var all = new byte[16 + between + document.Length];
        BinaryPrimitives.WriteInt32LittleEndian(all, all.Length);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(8), to);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(12), code == OpQuery ? OpReply : OpMessage);
        if (code == OpQuery)
        {
            BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(16), 8);
            BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(32), 1);
        }

        document.CopyTo(all, 16 + between);
        return all;
    }

    private BsonDocument Answer(BsonDocument command, FakeMongoLogin login)
    {
        var name = command.GetElement(0).Name;
        switch (name)
        {
            case "hello" or "isMaster" or "ismaster":
                return Hello(command, login);
            case "saslStart":
                return login.Start(command);
            case "saslContinue":
                var told = login.Continue(command);
                if (login.IsDone)
                {
                    Interlocked.Increment(ref _logins);
                }

                return told;
            case "updateUser" when IsSecondary:
                return FakeMongoLogin.Refusal(10107, "NotWritablePrimary", "not primary");
            case var _ when _users is not null && login.IsDone
                && _users.Answer(command, login.User, _open.Keys.Where(one => one.IsDone).Select(one => one.User)) is { } answer:
                return answer;
            case "connectionStatus" when login.IsDone:
                return new() { { "authInfo", new BsonDocument("authenticatedUsers", new BsonArray { login.User }) }, { "ok", 1 } };
            case "connectionStatus":
                return FakeMongoLogin.Refusal(13, "Unauthorized", "command connectionStatus requires authentication");
            case "endSessions":
                return new("ok", 1);
            default:
                throw new FakeVendorException($"A command '{name}' that this server does not know.");
        }
    }

    private BsonDocument Hello(BsonDocument command, FakeMongoLogin login)
    {
        var hello = new BsonDocument
        {
            { "ismaster", !IsSecondary },
            { "isWritablePrimary", !IsSecondary },
            { "secondary", IsSecondary },
            { "helloOk", true },
            { "maxBsonObjectSize", 16 * 1024 * 1024 },
            { "maxMessageSizeBytes", 48_000_000 },
            { "maxWriteBatchSize", 100_000 },
            { "minWireVersion", 0 },
            { "maxWireVersion", 21 },
            { "connectionId", 1 },
            { "readOnly", false },
            { "ok", 1 },
        };
        if (Members.Count > 0)
        {
            hello["setName"] = "rs0";
            hello["hosts"] = new BsonArray(Members);
            hello["me"] = Host;
        }

        if (_users?.IsRouter == true)
        {
            hello["msg"] = "isdbgrid";
        }

        if (command.Contains("saslSupportedMechs"))
        {
            hello["saslSupportedMechs"] = new BsonArray { FakeMongoLogin.Mechanism };
        }

        if (command.TryGetValue("speculativeAuthenticate", out var early)
            && login.Start(early.AsBsonDocument) is var told
            && told["ok"] == 1)
        {
            hello["speculativeAuthenticate"] = told;
        }

        return hello;
    }
}
