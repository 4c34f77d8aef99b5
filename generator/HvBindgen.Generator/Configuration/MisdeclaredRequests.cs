using System.Text.Json;
using System.Text.Json.Serialization;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Configuration;

/// <summary>
/// Requests of the kernel's headers whose macros say other things than their drivers do, or do not say it: a list that comes with
/// the tool.
/// </summary>
public static class MisdeclaredRequests
{
    private const string Resource = "MisdeclaredRequests.json";
    private static readonly Lazy<IReadOnlyDictionary<(string Header, string Name), IoctlUse>> Read = new(ReadAll);

    /// <summary>What the drivers do, by header as an <c>#include</c> names it and by request.</summary>
    public static IReadOnlyDictionary<(string Header, string Name), IoctlUse> ByName => Read.Value;

    private static Dictionary<(string Header, string Name), IoctlUse> ReadAll()
    {
        using Stream stream = typeof(MisdeclaredRequests).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        Dictionary<(string Header, string Name), IoctlUse> uses = [];
        foreach (MisdeclaredDocument driver in JsonSerializer.Deserialize(stream, MisdeclaredJson.Default.ListMisdeclaredDocument) ?? [])
        {
            foreach ((string name, string use) in driver.Requests)
            {
                uses.Add((driver.Header, name), IoctlUse.Read(use, driver.Kernel));
            }
        }

        return uses;
    }
}

internal sealed record MisdeclaredDocument
{
    public required string Header { get; init; }

    public required string Kernel { get; init; }

    public required Dictionary<string, string> Requests { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(List<MisdeclaredDocument>))]
internal sealed partial class MisdeclaredJson : JsonSerializerContext;
