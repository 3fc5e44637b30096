using System.Collections.Concurrent;
using System.Xml.Linq;
using Azure;
using Azure.Core;
using Azure.Storage.Queues;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>The messages that a host has taken from its queues and not deleted yet, by what passed over its wire.</summary>
internal sealed class TakenMessages(string connectionString)
{
    private const string Receipt = "x-ms-popreceipt";

    /// <summary>By message: its queue, and the receipt that changes it.</summary>
    private readonly ConcurrentDictionary<string, (string Queue, string Receipt)> _taken = new(StringComparer.Ordinal);

    public void See(HttpMessage message)
    {
        // /account/queue/messages for taking, /account/queue/messages/id for changing and deleting.
        var path = message.Request.Uri.ToUri().AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length < 3 || path[2] != "messages" || message.Response.IsError)
        {
            return;
        }

        if (path.Length == 3 && message.Request.Method == RequestMethod.Get)
        {
            foreach (var taken in XElement.Parse(message.Response.Content.ToString()).Elements("QueueMessage"))
            {
                _taken[taken.Element("MessageId")!.Value] = (path[1], taken.Element("PopReceipt")!.Value);
            }
        }
        else if (path.Length == 4 && message.Request.Method == RequestMethod.Delete)
        {
            _taken.TryRemove(path[3], out _);
        }
        else if (path.Length == 4 && message.Response.Headers.TryGetValue(Receipt, out var receipt))
        {
            _taken[path[3]] = (path[1], receipt);
        }
    }

    /// <summary>Makes them visible to other hosts.</summary>
    public async Task ShowAsync()
    {
        foreach (var (id, (queue, receipt)) in _taken)
        {
            try
            {
                await new QueueClient(connectionString, queue).UpdateMessageAsync(id, receipt, visibilityTimeout: TimeSpan.Zero);
            }
            catch (RequestFailedException gone) when (gone.Status is 400 or 404)
            {
                // Deleted by a request whose reply was lost.
            }
        }
    }
}
