using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>
/// The part of JSON Schema that the schemas of the tests use. A keyword it does not know fails, so that none is passed over.
/// </summary>
internal static class JsonSchemaCheck
{
    internal static void Check(JsonElement schema, JsonElement value) => Check(schema, schema, value, "$");

    private static void Check(JsonElement root, JsonElement schema, JsonElement value, string path)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            JsonElement rule = keyword.Value;
            switch (keyword.Name)
            {
                case "$schema" or "$defs" or "title" or "description" or "additionalProperties":
                    break;
                case "$ref":
                    Check(root, Resolve(root, rule.GetString()!), value, path);
                    break;
                case "type":
                    Assert.True(IsOfType(value, rule.GetString()!), $"{path} is no {rule}");
                    break;
                case "const":
                    Assert.True(JsonElement.DeepEquals(rule, value), $"{path} is not {rule}");
                    break;
                case "enum":
                    Assert.Contains(rule.EnumerateArray(), allowed => JsonElement.DeepEquals(allowed, value));
                    break;
                case "minimum":
                    Assert.True(value.GetInt64() >= rule.GetInt64(), $"{path} is below {rule}");
                    break;
                case "pattern":
                    Assert.Matches(new Regex(rule.GetString()!), value.GetString());
                    break;
                case "minItems":
                    Assert.True(value.GetArrayLength() >= rule.GetInt32(), $"{path} has fewer than {rule} items");
                    break;
                case "uniqueItems":
                    string[] items = [.. value.EnumerateArray().Select(item => item.GetRawText())];
                    Assert.True(items.Distinct().Count() == items.Length, $"{path} has the same item twice");
                    break;
                case "minLength":
                    Assert.True(value.GetString()!.Length >= rule.GetInt32(), $"{path} is shorter than {rule}");
                    break;
                case "format":
                    Assert.Equal("uri-reference", rule.GetString());
                    Assert.True(Uri.TryCreate(value.GetString(), UriKind.RelativeOrAbsolute, out _), $"{path} is no reference");
                    break;
                case "required":
                    Assert.All(
                        rule.EnumerateArray(), name => Assert.True(value.TryGetProperty(name.GetString()!, out _), $"{path} lacks {name}"));
                    break;
                case "items":
                    Assert.All(value.EnumerateArray(), (item, index) => Check(root, rule, item, $"{path}[{index}]"));
                    break;
                case "properties":
                    break;
                default:
                    Assert.Fail($"keyword {keyword.Name} is not checked");
                    break;
            }
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            CheckProperties(root, schema, value, path);
        }
    }

    private static void CheckProperties(JsonElement root, JsonElement schema, JsonElement value, string path)
    {
        bool isClosed = schema.TryGetProperty("additionalProperties", out JsonElement others);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out JsonElement known) && known.TryGetProperty(property.Name, out JsonElement rule))
            {
                Check(root, rule, property.Value, $"{path}.{property.Name}");
            }
            else if (isClosed)
            {
                Assert.True(others.ValueKind == JsonValueKind.Object, $"{path}.{property.Name} is not in the schema");
                Check(root, others, property.Value, $"{path}.{property.Name}");
            }
        }
    }

    private static JsonElement Resolve(JsonElement root, string reference)
    {
        JsonElement found = root;
        foreach (string step in reference.Split('/').Skip(1))
        {
            found = found.GetProperty(step);
        }

        return found;
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => false,
    };
}
