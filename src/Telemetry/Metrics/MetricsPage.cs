using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Metrics;
using Rotunda.Api.Http;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Telemetry.Metrics;

/// <summary>Answers a scrape: brings the numbers up to date, and lets the exporter write them.</summary>
internal sealed class MetricsPage : IMetricsPage
{
    private readonly SightNumbers _numbers;
    private readonly RequestDelegate _exporter;

    public MetricsPage(SightNumbers numbers, MeterProvider meters, IServiceProvider services)
    {
        _numbers = numbers;
        // The exporter comes as a part of a pipeline; here it is one of its own, behind the surface's own checks.
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseOpenTelemetryPrometheusScrapingEndpoint(
            meters, _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
        _exporter = pipeline.Build();
    }

    public async Task WriteAsync(HttpContext http)
    {
        await _numbers.RefreshAsync(http.RequestAborted);
        await _exporter(http);
    }
}
