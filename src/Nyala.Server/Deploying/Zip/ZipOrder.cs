using Nyala.Server.Deploying.Commands;
using Nyala.Server.Http;

namespace Nyala.Server.Deploying.Zip;

/// <summary>What the query of a request to <c>/api/zipdeploy</c> or <c>/api/publish</c> asks for.</summary>
/// <param name="Part">The part of the site to deploy; null for the whole site.</param>
internal sealed record ZipOrder(SitePart? Part, string Author, string AuthorEmail, string Deployer, string Message)
{
    private const int MaxText = 8 * 1024;
    private const string Unknown = "N/A";

    /// <summary>The text parameters. A request that gives one of them twice is refused.</summary>
    private static readonly string[] Texts = ["type", "path", "author", "authorEmail", "deployer", "message"];

    /// <summary>Reads the query; null if it is refused, with the reason.</summary>
    /// <param name="query">The query, whose flags are already known to be valid.</param>
    /// <param name="oneDeploy">Whether the request is for <c>/api/publish</c>, which Kudu calls OneDeploy.</param>
    public static ZipOrder? Read(IQueryCollection query, bool oneDeploy, out string reason)
    {
        reason = query.FirstOrDefault(item => item.Value.ToString().Length > MaxText) is { Key: { } tooLong } ? $"'{tooLong}' is longer than {MaxText} characters."
            : Texts.FirstOrDefault(name => query[name].Count > 1) is { } twice ? $"'{twice}' is given twice."
            : oneDeploy ? "" : RefusesPart(query);
        if (reason.Length > 0)
        {
            return null;
        }

        SitePart? part = null;
        if (oneDeploy && !TryReadPart(query, out part, out reason))
        {
            return null;
        }

        string name = oneDeploy ? "OneDeploy" : "ZipDeploy";
        return new ZipOrder(
            part,
            Text(query, "author", Unknown),
            Text(query, "authorEmail", Unknown),
            Text(query, "deployer", name),
            Text(query, "message", oneDeploy ? name : "Created via a push deployment"));
    }

    private static string Text(IQueryCollection query, string key, string usual) => query[key].ToString() is { Length: > 0 } given ? given : usual;

    /// <summary>
    /// Refuses parameters that would change what is deployed and that Kudu does not accept at this path. Returns the reason, or an empty string.
    /// </summary>
    private static string RefusesPart(IQueryCollection query) =>
        query.ContainsKey("path") ? "'path' is not a parameter of zipdeploy, which deploys the whole site. Use POST /api/publish?type=zip&path=…"
        : query["type"].ToString() is { Length: > 0 } type && !type.Equals("zip", StringComparison.OrdinalIgnoreCase) ? $"'type={Short(type)}' is not supported by zipdeploy, which deploys zips. Use POST /api/publish."
        : "";

    private static bool TryReadPart(IQueryCollection query, out SitePart? part, out string reason)
    {
        part = null;
        reason = "";
        string type = Text(query, "type", "zip").ToLowerInvariant();
        bool isFile = type == "static";
        if (!isFile && type != "zip")
        {
            reason = Refusal(type);
            return false;
        }

        if (QueryFlag.Read(query["reset"]) == true)
        {
            reason = "'reset=true' is not supported. To clear the site, deploy an empty zip.";
            return false;
        }

        string given = query["path"].ToString();
        string? path = given.Length == 0 ? "" : SitePath.Read(given, out reason);
        if (path is null)
        {
            return false;
        }

        bool? clean = QueryFlag.Read(query["clean"]);
        if (isFile)
        {
            reason = FileReason(given, path);
            part = new SitePart(path, IsFile: true, clean ?? false);
            return reason.Length == 0;
        }

        // A zip that replaces everything is a deployment of the whole site, including the site's command.
        bool empties = clean ?? true;
        part = empties && path.Length == 0 ? null : new SitePart(path, IsFile: false, empties);
        return true;
    }

    private static string FileReason(string given, string path) =>
        given.Length == 0 ? "'path' is missing. With type=static, it is the path of the deployed file, such as path=img/logo.svg."
        : path.Length == 0 || given.EndsWith('/') ? "'path' names a folder. With type=static, it must end with the name of the deployed file."
        : path == DotDeployment.FileName ? $"{DotDeployment.FileName} configures how a whole site is deployed. Send it in a zip of the whole site."
        : "";

    private static string Refusal(string type) => type switch
    {
        "war" or "jar" or "ear" => $"'type={type}' is not supported: this server has no Java container. Deploy the file with type=static and path=NAME.{type}, or a zip that holds it.",
        "lib" => "'type=lib' is not supported: there is no folder /home/site/libs here. Deploy the library with type=static and a path in the site.",
        "startup" => "'type=startup' is not supported: this server does not start sites. Set the site's deploy command: nyala sites set --command.",
        "script" => "'type=script' is not supported: there is no folder /home/site/scripts here. Deploy the script with type=static and a path in the site.",
        _ => $"'type={Short(type)}' is not supported. The type must be zip or static.",
    };

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}

/// <summary>A part of a site to deploy.</summary>
/// <param name="Path">A folder of the site, empty for the site itself; or a file, if <see cref="IsFile"/> is set.</param>
/// <param name="IsFile">Whether the part is one file.</param>
/// <param name="Clean">Whether the folder, or the file's folder, is emptied first.</param>
internal sealed record SitePart(string Path, bool IsFile, bool Clean)
{
    /// <summary>The folder that the files go to.</summary>
    public string Folder => !IsFile ? Path : System.IO.Path.GetDirectoryName(Path) ?? "";
}
