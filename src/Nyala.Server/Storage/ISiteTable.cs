namespace Nyala.Server.Storage;

/// <summary>The sites that a hook or a deployment has named. Names differ by more than case.</summary>
internal interface ISiteTable
{
    /// <summary>Makes the site where it is new, and returns its name as it was first written.</summary>
    string Touch(string name, DateTimeOffset now);

    /// <summary>The site's name as it was first written; null where there is none.</summary>
    string? Find(string name);
}
