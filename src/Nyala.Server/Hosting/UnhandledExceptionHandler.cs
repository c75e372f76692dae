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
            detail = $"{detail} The server's log has more under {httpContext.TraceIdentifier}.";
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
            (StatusCodes.Status413PayloadTooLarge, "This body is too large", large.Message + " For all but the payloads that POST /deploy takes, the option Delivery:EventLimit says how many."),
        BadHttpRequestException bad => (bad.StatusCode, "This request is refused", bad.Message),
        StoreUnavailableException { Full: true } => (StatusCodes.Status507InsufficientStorage, "Out of space", DiskFull.Refusal),
        IOException full when DiskFull.Is(full) => (StatusCodes.Status507InsufficientStorage, "Out of space", DiskFull.Refusal),
        StoreUnavailableException unavailable => (StatusCodes.Status503ServiceUnavailable, "The store is not available", unavailable.Message + " Nothing was stored; send this again later."),
        SearchLimitException search => (
            StatusCodes.Status503ServiceUnavailable,
            "This search takes too long",
            $"It was ended after {search.Limit.TotalSeconds} s, its wait for other searches included. Narrow it by another field or to a shorter stretch of time (since, until), or send it again later."),
        _ => (StatusCodes.Status500InternalServerError, "The server failed", "This is a fault of the server."),
    };
}
