namespace Nyala.Server.Sources;

/// <summary>All sources, in the order in which they are asked.</summary>
internal static class PushSources
{
    /// <summary>What a refusal says of the forms.</summary>
    public const string Taken =
        """Taken are {"format":"basic","url":"https://…/repository.git#commit-or-branch"}, and what GitHub, GitLab and Bitbucket Cloud send of a push, as JSON or in the form field 'payload'.""";

    private static readonly Func<PushRequest, PushReading>[] Sources = [GenericSource.Read, GitLabSource.Read, BitbucketSource.Read, GitHubSource.Read];

    /// <summary>Reads a request; <see cref="PushReading.NotMine"/> where no source knows it.</summary>
    public static PushReading Read(PushRequest request)
    {
        foreach (Func<PushRequest, PushReading> read in Sources)
        {
            PushReading reading = read(request);
            if (reading is not PushReading.NotMine)
            {
                return reading;
            }
        }

        return new PushReading.NotMine();
    }
}
