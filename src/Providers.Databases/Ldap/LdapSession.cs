using System.DirectoryServices.Protocols;
using System.Formats.Asn1;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Ldap;

/// <summary>One connection to the directory: a bind, and the few operations that a rotation needs. Nothing is kept open.</summary>
internal sealed class LdapSession : IDisposable
{
    private const string PasswordModify = "1.3.6.1.4.1.4203.1.11.1";
    private const string UserPassword = "userPassword";
    private const string UnicodePwd = "unicodePwd";
    private const string AccountControl = "userAccountControl";
    private const int Disabled = 2;
    private readonly LdapConnection _connection;
    private readonly LdapSetup _setup;

    private LdapSession(LdapConnection connection, LdapSetup setup) => (_connection, _setup) = (connection, setup);

    /// <summary>Connects and binds. A server that goes down while TLS is agreed on looks like one whose certificate is wrong: it is
    /// asked a second time, and then cannot be reached or is up again.</summary>
    /// <exception cref="LdapException">It was refused, or TLS could not be agreed on.</exception>
    /// <exception cref="SocketException">The server cannot be reached.</exception>
    public static async Task<LdapSession> OpenAsync(LdapSetup setup, string name, SecretValue password, CancellationToken cancellationToken)
    {
        try
        {
            return await TryOpenAsync(setup, name, password, cancellationToken);
        }
        catch (Exception failed) when (setup.Tls != LdapDescriptor.Clear && LdapFailures.IsOfTls(failed))
        {
            return await TryOpenAsync(setup, name, password, cancellationToken);
        }
    }

    /// <summary>Whether the account is there.</summary>
    public Task<bool> ExistsAsync(string account) => FindsAsync(account, "(objectClass=*)");

    /// <summary>Whether anybody could bind as the account; false for one that is not there.</summary>
    public Task<bool> IsOpenAsync(string account) => _setup.Method == LdapDescriptor.ActiveDirectory
        ? Task.Run(() => (ControlOf(account) & Disabled) == 0)
        : FindsAsync(account, $"({UserPassword}=*)");

    /// <summary>Whether the server has the operation by which passwords are set.</summary>
    public Task<bool> KnowsPasswordModifyAsync() => Task.Run(() =>
    {
        var root = (SearchResponse)Send(new SearchRequest("", "(objectClass=*)", SearchScope.Base, "supportedExtension"));
        return root.Entries.Count > 0
            && root.Entries[0].Attributes["supportedExtension"]?.GetValues(typeof(string)).Contains(PasswordModify) == true;
    });

    /// <summary>Sets the password, and opens the account where a revoke has locked it.</summary>
    /// <param name="happened">Told between two changes.</param>
    public Task SetAsync(string account, SecretValue password, Action happened) => Task.Run(() =>
    {
        switch (_setup.Method)
        {
            case LdapDescriptor.Extended:
                Send(new ExtendedRequest(PasswordModify, Ask(account, password.RevealText())));
                break;
            case LdapDescriptor.ActiveDirectory:
                // Read before anything is changed. In quotes, as UTF-16.
                var control = ControlOf(account);
                Replace(account, UnicodePwd, Encoding.Unicode.GetBytes($"\"{password.RevealText()}\""));
                if ((control & Disabled) != 0)
                {
                    happened();
                    Replace(account, AccountControl, Number(control & ~Disabled));
                }

                break;
            default:
                Replace(account, UserPassword, Encoding.UTF8.GetBytes(password.RevealText()));
                break;
        }
    });

    /// <summary>Nobody can bind as the account any more, until a password is set.</summary>
    public Task LockAsync(string account) => Task.Run(() =>
    {
        if (_setup.Method == LdapDescriptor.ActiveDirectory)
        {
            Replace(account, AccountControl, Number(ControlOf(account) | Disabled));
        }
        else
        {
            Send(new ModifyRequest(account, DirectoryAttributeOperation.Delete, UserPassword));
        }
    });

    public void Dispose() => _connection.Dispose();

    private static async Task<LdapSession> TryOpenAsync(
        LdapSetup setup, string name, SecretValue password, CancellationToken cancellationToken)
    {
        // libldap waits as long as the system does for a server that does not answer, and cannot be interrupted.
        using (var reach = new TcpClient())
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            limit.CancelAfter(setup.Timeout);
            try
            {
                await reach.ConnectAsync(setup.Host, setup.Port, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new SocketException((int)SocketError.TimedOut);
            }
        }

        return await Task.Run(() => Open(setup, name, password), cancellationToken);
    }

    private static LdapSession Open(LdapSetup setup, string name, SecretValue password)
    {
        LdapLibrary.WaitOn();
        var connection = new LdapConnection(new LdapDirectoryIdentifier(setup.Host, setup.Port), null, AuthType.Basic)
        {
            AutoBind = false,
            Timeout = setup.Timeout,
        };
        try
        {
            connection.SessionOptions.ProtocolVersion = 3;
            connection.SessionOptions.ReferralChasing = ReferralChasingOptions.None;
            if (setup.Tls != LdapDescriptor.Clear)
            {
                Protect(connection, setup);
            }

            connection.AuthType = AuthType.Basic;
            connection.Bind(new NetworkCredential(name, password.RevealText()));
            return new(connection, setup);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Protect(LdapConnection connection, LdapSetup setup)
    {
        if (setup.Authorities is { } folder && !OperatingSystem.IsWindows())
        {
            connection.SessionOptions.TrustedCertificatesDirectory = folder;
            connection.SessionOptions.StartNewTlsSessionContext();
        }

        if (setup.Tls == LdapDescriptor.Ldaps)
        {
            connection.SessionOptions.SecureSocketLayer = true;
            return;
        }

        try
        {
            // Only a bind connects. This one says nothing of anybody, and may be refused.
            connection.AuthType = AuthType.Anonymous;
            connection.Bind();
        }
        catch (LdapException refused) when (!LdapFailures.IsDown(refused))
        {
        }

        connection.SessionOptions.StartTransportLayerSecurity(null);
    }

    private async Task<bool> FindsAsync(string account, string filter) => await Task.Run(() =>
    {
        try
        {
            return ((SearchResponse)Send(new SearchRequest(account, filter, SearchScope.Base, "1.1"))).Entries.Count > 0;
        }
        catch (DirectoryOperationException refused) when (refused.Response?.ResultCode == ResultCode.NoSuchObject)
        {
            return false;
        }
    });

    private int ControlOf(string account)
    {
        var found = (SearchResponse)Send(new SearchRequest(account, "(objectClass=*)", SearchScope.Base, AccountControl));
        return found.Entries.Count > 0
            && found.Entries[0].Attributes[AccountControl]?[0] is string text
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var control)
            ? control
            : throw new LdapSetupException(
                $"{account} has no {AccountControl} that Rotunda may read: it is no account of Active Directory, or a right is missing.");
    }

    private void Replace(string account, string attribute, byte[] value)
    {
        var change = new DirectoryAttributeModification { Name = attribute, Operation = DirectoryAttributeOperation.Replace };
        change.Add(value);
        Send(new ModifyRequest(account, change));
    }

    private static byte[] Number(int number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private DirectoryResponse Send(DirectoryRequest request) => _connection.SendRequest(request, _setup.Timeout);

    /// <summary>RFC 3062: whose password, and the new one.</summary>
    private static byte[] Ask(string account, string password)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(account), new Asn1Tag(TagClass.ContextSpecific, 0));
            writer.WriteOctetString(Encoding.UTF8.GetBytes(password), new Asn1Tag(TagClass.ContextSpecific, 2));
        }

        return writer.Encode();
    }
}
