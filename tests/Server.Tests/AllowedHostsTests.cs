using System.Net;
using System.Net.Sockets;
using Rotunda.Server.Hosting;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>Under which names the server answers, and how many may hold it.</summary>
public sealed class AllowedHostsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7071", "127.0.0.1,localhost,LOCALHOST,[::1]", "evil.example.com,10.0.0.1,")]
    [InlineData("http://10.0.0.1:80;https://[2001:db8::1]", "10.0.0.1,[2001:db8:0::1]", "10.0.0.2,localhost,[::1]")]
    [InlineData("http://0.0.0.0:80", "10.0.0.1,localhost,[2001:db8::1]", "evil.example.com")]
    public void A_server_answers_under_its_addresses(string urls, string yes, string no)
    {
        var hosts = new AllowedHosts(urls.Split(';'), []);

        Assert.All(yes.Split(','), host => Assert.True(hosts.Allows(host), host));
        Assert.All(no.Split(','), host => Assert.False(hosts.Allows(host), host));
        Assert.True(new AllowedHosts(urls.Split(';'), ["rotunda.example.com"]).Allows("Rotunda.example.com."));
    }

    [Fact]
    public async Task Another_name_that_leads_to_this_machine_is_refused_and_connections_have_an_end()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder.Settings);
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/secrets") { Headers = { Host = "evil.example.com" } };

        using var refused = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("host-unknown", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await OnlySoManyConnectAsync(new Uri(server.Url));
    }

    private static async Task OnlySoManyConnectAsync(Uri server)
    {
        var open = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 600; i++)
            {
                var one = new TcpClient();
                open.Add(one);
                await one.ConnectAsync(server.Host, server.Port);
            }

            // Those beyond the limit are closed by the server without a word; the others wait for a request.
            var ends = open.Select(one => EndsAsync(one)).ToList();
            while (ends.Count(end => end.IsCompleted) < 600 - 512)
            {
                await Task.WhenAny(ends.Where(end => !end.IsCompleted)).WaitAsync(ServerProcess.Patience);
            }

            Assert.True(ends.Count(end => !end.IsCompleted) > 400);
        }
        finally
        {
            open.ForEach(one => one.Dispose());
        }
    }

    private static async Task EndsAsync(TcpClient connection)
    {
        try
        {
            // The beginning of a request: where the system had no room to hand the connection over, this makes it try again.
            await connection.GetStream().WriteAsync("G"u8.ToArray());
            Assert.Equal(0, await connection.GetStream().ReadAsync(new byte[1].AsMemory()));
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            // Reset, or the test is over.
        }
    }
}
