using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rotunda.Api.Head;
using Rotunda.Functions;
using Rotunda.Ledger.Postgres;
using Rotunda.Orchestration;
using Rotunda.Telemetry;
using Rotunda.Telemetry.Numbers;

// Whatever the machine's language is, all is read and written alike.
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

var options = HeadOptions.Read(Environment.GetEnvironmentVariable);
var ledger = await PostgresLedgerSetting.ReadAsync(
    options.Ledger, AppContext.BaseDirectory, Environment.GetEnvironmentVariable, CancellationToken.None);
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services
    .AddRotundaHead(options, ledger, AppContext.BaseDirectory)
    .AddSingleton<DurableClient>()
    .AddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<DurableClient>())
    .AddSingleton<IEngineProbe>(provider => provider.GetRequiredService<DurableClient>())
    // Histories hold the same JSON in every head, and types without a contract (values among them) are refused.
    .Configure<WorkerOptions>(worker => worker.Serializer = new PayloadObjectSerializer(DeskParts.Payloads));
builder.AddTelemetry(options);
builder.Services.AddRotundaTelemetry(TelemetryOptions.Read(Environment.GetEnvironmentVariable));

await builder.Build().RunAsync();
