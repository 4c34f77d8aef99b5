using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Configuration;

public sealed class SchemaTests
{
    private static readonly string HeadersFolder = Repository.PathOf("headers");

    [Fact]
    public void The_schema_has_exactly_the_keys_that_are_read_and_describes_each()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(HeadersFolder, "hvbindgen.schema.json")));

        Compare(schema.RootElement, schema.RootElement, ConfigurationJsonContext.Default.ConfigurationDocument, "the file");
    }

    [Fact]
    public void The_schema_knows_every_target()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(HeadersFolder, "hvbindgen.schema.json")));
        JsonElement names = schema.RootElement.GetProperty("$defs").GetProperty("targets").GetProperty("items").GetProperty("enum");

        string[] listed = [.. names.EnumerateArray().Select(name => name.GetString()!)];
        Assert.Superset(TargetInfo.Known.Select(target => target.Name).ToHashSet(), listed.ToHashSet());
        Assert.All(listed, name => Assert.NotNull(TargetInfo.Find(name)));
    }

    [Fact]
    public void The_committed_configuration_can_be_read()
    {
        BindingConfiguration configuration = BindingConfiguration.Read(Path.Combine(HeadersFolder, "hvbindgen.json"));

        Assert.Equal(["mshv", "kvm"], configuration.Sets.Select(set => set.Name));
        Assert.All(configuration.Sets, set => Assert.Equal(["x86_64", "arm64"], set.Targets.Select(target => target.Name)));
        string[] listed =
            [.. configuration.Sets[0].Headers.Where(header => header.StartsWith("vmm/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)];
        string[] present =
            [.. Directory.GetFiles(Path.Combine(HeadersFolder, "vmm"), "*.h").Select(path => "vmm/" + Path.GetFileName(path))
                .Order(StringComparer.Ordinal)];
        Assert.Equal(present, listed);
        CallOptions calls = Assert.IsType<CallOptions>(configuration.Sets[0].Calls);
        Assert.Equal(("hv_mmio_read_input", "hv_mmio_read_output"), calls.Pairs["HVCALL_MMIO_READ"]);
    }

    private static void Compare(JsonElement root, JsonElement schema, JsonTypeInfo type, string where)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        Assert.False(schema.GetProperty("additionalProperties").GetBoolean(), where);
        JsonElement properties = schema.GetProperty("properties");
        Assert.Equal(
            type.Properties.Select(property => property.Name).Order(), properties.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(
            type.Properties.Where(property => property.IsRequired).Select(property => property.Name).Order(),
            schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).Order());
        foreach (JsonPropertyInfo property in type.Properties)
        {
            JsonElement member = properties.GetProperty(property.Name);
            string path = $"{where}.{property.Name}";
            Assert.True(member.TryGetProperty("description", out JsonElement text) && text.GetString()!.EndsWith('.'), path);
            JsonTypeInfo inner = ConfigurationJsonContext.Default.GetTypeInfo(property.PropertyType)!;
            JsonElement at = Resolve(root, member);
            while (inner.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
            {
                at = Resolve(root, at.GetProperty(inner.Kind == JsonTypeInfoKind.Enumerable ? "items" : "additionalProperties"));
                inner = ConfigurationJsonContext.Default.GetTypeInfo(inner.ElementType!)!;
            }

            Compare(root, at, inner, path);
        }
    }

    private static JsonElement Resolve(JsonElement root, JsonElement schema) => schema.TryGetProperty("$ref", out JsonElement reference)
        ? root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..])
        : schema;
}
