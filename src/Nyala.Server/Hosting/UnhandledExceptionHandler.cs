using Microsoft.AspNetCore.Diagnostics;
using Nyala.Server.Access;
using Nyala.Server.Disk;
using Nyala.Server.Storage;

namespace Nyala.Server.Hosting;

/// <summary>Turns unhandled exceptions of endpoints into responses that say what to do, without a stack trace.</summary>
internal sealed class UnhandledExceptionHandler(IProblemDetailsService problems, ILogger<UnhandledExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        (int status, string title, string detail) = Explain(exception);
        if (status == StatusCodes.Status500InternalServerError)
        {
            HostingLog.RequestFailed(logger, exception, httpContext.Request.Method, httpContext.TraceIdentifier);
            detail = $"{detail} The server's log has details under {httpContext.TraceIdentifier}.";
        }

        httpContext.Response.StatusCode = status;
        if (httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<TextRefusals>() is not null)
        {
            httpContext.Response.ContentType = "text/plain; charset=utf-8";
            await httpContext.Response.WriteAsync(detail + "\n", cancellationToken);
            return true;
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = { Status = status, Title = title, Detail = detail },
        });
    }

    private static (int Status, string Title, string Detail) Explain(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large =>
            (StatusCodes.Status413PayloadTooLarge, "Request body too large", large.Message + " The option Delivery:EventLimit sets this limit, except for zips, git pushes and POST /deploy."),
        BadHttpRequestException bad => (bad.StatusCode, "Invalid request", bad.Message),
        StoreUnavailableException { Full: true } => (StatusCodes.Status507InsufficientStorage, "Out of space", DiskFull.Refusal),
        IOException full when DiskFull.Is(full) => (StatusCodes.Status507InsufficientStorage, "Out of space", DiskFull.Refusal),
        StoreUnavailableException unavailable => (StatusCodes.Status503ServiceUnavailable, "The database is not available", unavailable.Message + " Nothing was stored. Try again later."),
        SearchLimitException search => (
            StatusCodes.Status503ServiceUnavailable,
            "Search timed out",
            $"The search was stopped after {search.Limit.TotalSeconds} s, including its wait for other searches. Narrow it by another field or to a shorter period (since, until), or try again later."),
        _ => (StatusCodes.Status500InternalServerError, "The server failed", "This is a fault of the server."),
    };
}
