namespace Nyala.Server.Sites;

/// <summary>A setting that has an effect in Kudu, but not in this server.</summary>
/// <param name="Name">The setting's name. Case does not matter.</param>
/// <param name="Instead">What applies here instead. In the warning, it follows "does nothing here:".</param>
/// <param name="Asks">Returns whether a value asks for something that this server does not do; null if every value does.</param>
internal sealed record KuduSetting(string Name, string Instead, Func<string, bool>? Asks = null)
{
    /// <summary>The warning about the setting.</summary>
    public string Warning => $"The setting {Name} does nothing here: {Instead}.";
}

/// <summary>
/// The settings of Kudu that have no effect in this server. <c>docs/kudu-compatibility.md</c> lists the same settings, and a deployment's log warns of those
/// that are set.
/// </summary>
internal static class KuduSettings
{
    /// <summary>The setting for the number of seconds after which a command is ended if it writes no output and uses no processor time.</summary>
    public const string IdleTimeout = "SCM_COMMAND_IDLE_TIMEOUT";

    /// <summary>The setting for the folder that is deployed if there is no command.</summary>
    public const string Project = "PROJECT";

    private const string BuildsNothing = "the server builds nothing by itself. Build in the deploy command";
    private const string RunsNothingAfter = "nothing runs after the deploy command. Call it at the end of the command";
    private const string RestartsNothing = "the server restarts nothing. Restart the app in the deploy command";
    private const string NoWebJobs = "there are no web jobs";
    private const string NoOryx = "Oryx is not used. Build in the deploy command";
    private const string NoMsBuild = "the server does not run MSBuild. Call `dotnet publish` in the deploy command";
    private const string NoTools = "the deploy command uses the programs in the server's PATH. Install that version, or set PATH";
    private const string NoCommits = "the server makes no commits";
    private const string NoExtensions = "there are no site extensions";
    private const string Certificates = "certificates are always checked";

    /// <summary>All settings without effect.</summary>
    public static readonly IReadOnlyList<KuduSetting> Ignored =
    [
        new("SCM_SCRIPT_GENERATOR_ARGS", "no script is generated. Run `kuduscript` with these arguments and commit the result"),
        new("SCM_BUILD_ARGS", "the server builds nothing by itself. The deploy command gets it as an environment variable"),
        new("POST_DEPLOYMENT_ACTION", RunsNothingAfter),
        new("SCM_POST_DEPLOYMENT_ACTIONS_PATH", RunsNothingAfter),
        new("SCM_REPOSITORY_PATH", "the server chooses the location of the repository"),
        new("SCM_TARGET_PATH", "each release has its own folder. In the deploy command, copy to a folder below DEPLOYMENT_TARGET"),
        new("SCM_NO_REPOSITORY", "every site that receives pushes has a repository", IsOne),
        new("SCM_DO_BUILD_DURING_DEPLOYMENT", BuildsNothing, IsTrue),
        new("ENABLE_ORYX_BUILD", NoOryx, IsTrue),
        new("PRE_BUILD_COMMAND", NoOryx),
        new("PRE_BUILD_SCRIPT_PATH", NoOryx),
        new("POST_BUILD_COMMAND", NoOryx),
        new("POST_BUILD_SCRIPT_PATH", NoOryx),
        new("CUSTOM_BUILD_COMMAND", NoOryx),
        new("BUILD_FLAGS", NoOryx),
        new("WEBSITE_RUN_FROM_PACKAGE", "the server unpacks the zip into the release folder", IsNotZero),
        new("WEBSITE_RUN_FROM_ZIP", "the server unpacks the zip into the release folder", IsNotZero),
        new("SCM_MAX_ZIP_PACKAGE_COUNT", "`keep` of the site sets how many releases are kept with their zips: `nyala sites set SITE --keep NUMBER`"),
        new("SCM_ZIPDEPLOY_DONOT_PRESERVE_FILETIME", "the files of a zip keep their modification times", IsOne),
        new("SCM_DISABLE_SUBMODULES", "submodules are never fetched", IsNotOne),
        new("SCM_USE_SHALLOW_CLONE", "a fetch gets the whole history", IsTrue),
        new("SCM_DISABLE_DEPLOY_ON_PUSH", "a push to the site's branch is always deployed. To only store commits, push another branch", IsOne),
        new("SCM_TOUCH_WEBCONFIG_AFTER_DEPLOYMENT", "web.config is not touched", IsNotZero),
        new("SCM_RESTART_APP_CONTAINER_AFTER_DEPLOYMENT", RestartsNothing, IsTrue),
        new("WEBSITE_RECYCLE_PREVIEW_ENABLED", RestartsNothing, IsTrue),
        new("DOCKER_ENABLE_CI", RestartsNothing, IsTrue),
        new("SCM_MAX_RANDOM_START_DELAY", "a deployment starts immediately", IsNotZero),
        new("SCM_USE_LIBGIT2SHARP_REPOSITORY", "the server runs git itself", IsNotZero),
        new("SCM_GIT_USERNAME", NoCommits),
        new("SCM_GIT_EMAIL", NoCommits),
        new("ScmType", "tokens decide who can deploy: `nyala tokens`"),
        new("SCM_SKIP_SSL_VALIDATION", Certificates, IsOne),
        new("SCM_SKIP_ASE_SSL_VALIDATION", Certificates, IsOne),
        new("SCM_HTTPCLIENT_TIMEOUT", "the option Deploying:FetchLimit limits the duration of a fetch"),
        new("SCM_LOGSTREAM_TIMEOUT", "a log can be followed until the deployment ends"),
        new("SCM_TRACE_LEVEL", "there are no trace files. The server writes its own log to standard error, at one level"),
        new("SCM_MSBUILD_VERSION", NoMsBuild),
        new("SCM_USE_MSBUILD_16", NoMsBuild),
        new("SCM_USE_MSBUILD_1607", NoMsBuild),
        new("SCM_USE_ORIGINALHOST_FOR_REFERENCE", "the option PublicUrl sets the public address of the server", IsOne),
        new("SCM_SITEEXTENSIONS_FEED_URL", NoExtensions),
        new("SCM_USE_SITEEXTENSION_V1", NoExtensions),
        new("WEBSITE_NODE_DEFAULT_VERSION", NoTools),
        new("WEBSITE_NPM_DEFAULT_VERSION", NoTools),
        new("WEBSITE_PYTHON_VERSION", NoTools),
        new("WORKER_COMMAND", NoWebJobs),
        new("WEBJOBS_ROOT_PATH", NoWebJobs),
        new("WEBJOBS_RESTART_TIME", NoWebJobs),
        new("WEBJOBS_IDLE_TIMEOUT", NoWebJobs),
        new("WEBJOBS_HISTORY_SIZE", NoWebJobs),
        new("WEBJOBS_STOPPED", NoWebJobs),
        new("WEBJOBS_DISABLE_SCHEDULE", NoWebJobs),
        new("WEBJOBS_LOG_TRIGGERED_JOBS_TO_APP_LOGS", NoWebJobs),
    ];

    /// <summary>Returns the setting of this name if the value asks for something that this server does not do; else null.</summary>
    public static KuduSetting? FindIgnored(string name, string value) => string.IsNullOrWhiteSpace(value)
        ? null
        : Ignored.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && setting.Asks?.Invoke(value.Trim()) != false);

    /// <summary>Reads a value of <see cref="IdleTimeout"/>. Returns null if it is not a number of seconds, 1 or more.</summary>
    public static TimeSpan? ReadIdleTimeout(string value) =>
        int.TryParse(value, System.Globalization.NumberStyles.AllowLeadingWhite | System.Globalization.NumberStyles.AllowTrailingWhite, null, out int seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static bool IsOne(string value) => value == "1";

    private static bool IsNotOne(string value) => value != "1";

    private static bool IsTrue(string value) => value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static bool IsNotZero(string value) => value != "0";
}
