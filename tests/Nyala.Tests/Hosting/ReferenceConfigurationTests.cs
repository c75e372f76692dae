using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Nyala.Server;
using Nyala.Server.Hosting;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hosting;

/// <summary><c>docs/nyala.json</c> lists every option with its default.</summary>
public sealed class ReferenceConfigurationTests
{
    [Fact]
    public void The_reference_configuration_equals_the_defaults()
    {
        var read = new NyalaOptions();
        Blank(read);

        IReadOnlyList<string> errors = OptionsReader.Read(Configuration(), read);

        Assert.Empty(errors);
        Assert.Equal(Flatten(new NyalaOptions()), Flatten(read));
    }

    [Fact]
    public void The_reference_configuration_names_every_option_and_nothing_else()
    {
        string[] named = [.. Configuration().AsEnumerable().Where(pair => pair.Value is not null).Select(pair => WithoutIndex(pair.Key)).Distinct().Order()];

        Assert.Equal(Flatten(new NyalaOptions()).Select(pair => pair.Key).Order(), named);
    }

    [Fact]
    public void Every_option_of_the_reference_configuration_has_a_comment()
    {
        string[] lines = [.. File.ReadLines(Repository.File("docs/nyala.json")).Select(line => line.Trim())];
        int options = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith('"') || lines[i].EndsWith('{'))
            {
                continue;
            }

            // Options that belong together may share a comment.
            options++;
            Assert.True(lines[i - 1].StartsWith("//", StringComparison.Ordinal) || lines[i - 1].StartsWith('"'), lines[i]);
        }

        Assert.Equal(Flatten(new NyalaOptions()).Count, options);
    }

    private static IConfigurationRoot Configuration() => new ConfigurationBuilder().AddJsonFile(Repository.File("docs/nyala.json")).Build();

    /// <summary>Clears every default, so that an option that is not read is detected.</summary>
    private static void Blank(object options)
    {
        foreach (PropertyInfo property in Settable(options))
        {
            if (IsSection(property))
            {
                Blank(property.GetValue(options)!);
                continue;
            }

            property.SetValue(options, property.PropertyType == typeof(string) ? "(not read)"
                : property.PropertyType.IsArray ? Array.CreateInstance(property.PropertyType.GetElementType()!, 1)
                : Activator.CreateInstance(property.PropertyType));
        }
    }

    private static SortedDictionary<string, string> Flatten(object options, string prefix = "")
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (PropertyInfo property in Settable(options))
        {
            object value = property.GetValue(options)!;
            if (IsSection(property))
            {
                foreach ((string key, string text) in Flatten(value, prefix + property.Name + ":"))
                {
                    values.Add(key, text);
                }

                continue;
            }

            values.Add(prefix + property.Name, value is IEnumerable list and not string
                ? string.Join(", ", list.Cast<object>())
                : Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }

        return values;
    }

    private static IEnumerable<PropertyInfo> Settable(object options) => options.GetType().GetProperties().Where(property => property.CanWrite);

    private static bool IsSection(PropertyInfo property) => property.PropertyType.Namespace!.StartsWith("Nyala", StringComparison.Ordinal);

    private static string WithoutIndex(string key)
    {
        int last = key.LastIndexOf(':');
        return last >= 0 && int.TryParse(key.AsSpan(last + 1), CultureInfo.InvariantCulture, out _) ? key[..last] : key;
    }
}
