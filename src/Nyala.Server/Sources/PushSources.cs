namespace Nyala.Server.Sources;

/// <summary>All sources, in the order in which they are tried.</summary>
internal static class PushSources
{
    /// <summary>The accepted forms, as error messages state them.</summary>
    public const string AcceptedForms =
        """The supported formats are {"format":"basic","url":"https://…/repository.git#commit-or-branch"} and the push payloads of GitHub, GitLab and Bitbucket Cloud, as JSON or in the form field 'payload'.""";

    private static readonly Func<PushRequest, ParsedPush>[] Sources = [GenericSource.Read, GitLabSource.Read, BitbucketSource.Read, GitHubSource.Read];

    /// <summary>Reads a request. Returns <see cref="ParsedPush.NotRecognized"/> if no source recognizes it.</summary>
    public static ParsedPush Read(PushRequest request)
    {
        foreach (Func<PushRequest, ParsedPush> read in Sources)
        {
            ParsedPush reading = read(request);
            if (reading is not ParsedPush.NotRecognized)
            {
                return reading;
            }
        }

        return new ParsedPush.NotRecognized();
    }
}
