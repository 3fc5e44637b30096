using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Grpc.Core;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proto = Microsoft.DurableTask.Protobuf;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>
/// The sidecar's answers to clients, with a start that waits for its time as the Functions host's does: the sidecar forgets the time.
/// </summary>
internal sealed class StorageFront(
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggers,
    IOrchestrationService service,
    IOrchestrationServiceClient client,
    IOptions<TaskHubGrpcServerOptions> options)
    : TaskHubGrpcServer(lifetime, loggers, service, client, options)
{
    private readonly IOrchestrationServiceClient _client = client;

    public override async Task<Proto.CreateInstanceResponse> StartInstance(Proto.CreateInstanceRequest request, ServerCallContext context)
    {
        if (request.ScheduledStartTimestamp is null)
        {
            return await base.StartInstance(request, context);
        }

        var instance = new OrchestrationInstance { InstanceId = request.InstanceId, ExecutionId = Guid.NewGuid().ToString("N") };
        var started = new ExecutionStartedEvent(-1, request.Input)
        {
            Name = request.Name,
            OrchestrationInstance = instance,
            ScheduledStartTime = request.ScheduledStartTimestamp.ToDateTime(),
            Tags = new Dictionary<string, string>(request.Tags, StringComparer.Ordinal),
        };
        try
        {
            var message = new TaskMessage { Event = started, OrchestrationInstance = instance };
            await _client.CreateTaskOrchestrationAsync(message, Enum.GetValues<OrchestrationStatus>());
        }
        catch (OrchestrationAlreadyExistsException taken)
        {
            throw new RpcException(new Status(StatusCode.AlreadyExists, taken.Message));
        }

        return new Proto.CreateInstanceResponse { InstanceId = request.InstanceId };
    }
}
