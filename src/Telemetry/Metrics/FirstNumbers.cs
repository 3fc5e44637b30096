using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using Rotunda.Activities.Steps;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Telemetry.Metrics;

/// <summary>When what collects the numbers listens, writes the zeros of what has not happened yet, and has the first ones read.</summary>
internal sealed class FirstNumbers(MeterProvider meters, SightNumbers numbers, TelemetryOptions options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // It has to be there before: what nobody listens to is not counted.
        ArgumentNullException.ThrowIfNull(meters);
        StepMeter.Begin();
        DeskMeter.Begin();
        if (options.SendMetrics)
        {
            numbers.RefreshBeside();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
