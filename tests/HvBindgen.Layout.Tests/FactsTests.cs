using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>The declarations in headers/vmm come out with exactly the layouts, values and types of the facts.</summary>
public class FactsTests
{
    [Theory]
    [InlineData("x86_64", "x86_64", 64)]
    [InlineData("arm64", "aarch64", 40)]
    public void Every_record_has_the_layout_of_the_facts(string target, string architecture, int expectedRecords)
    {
        AbiModel model = HeaderSets.Model("mshv", target);
        VmmFacts facts = VmmFacts.Read(architecture);
        List<string> expected = [];
        List<string> actual = [];

        foreach ((string name, string kind, long size, long align, IReadOnlyList<string> fields) in facts.Records)
        {
            string cName = $"{kind} {name}";
            expected.Add($"{cName} {size} {align}");
            expected.AddRange(fields.Select(field => $"{cName}: {field}"));
            if (model.Index.FindRecord(cName) is { } record)
            {
                actual.Add($"{cName} {record.SizeBytes} {record.AlignBytes}");
                actual.AddRange(new RecordRows(record).All.Select(field => $"{cName}: {field}"));
            }
        }

        Assert.Equal(expectedRecords, facts.Records.Count);
        Assert.Empty(expected.Except(actual));
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("x86_64", "x86_64", 300)]
    [InlineData("arm64", "aarch64", 815)]
    public void Every_enumerator_has_the_value_of_the_facts_in_the_enum_it_extends(
        string target, string architecture, int expectedEnumerators)
    {
        AbiModel model = HeaderSets.Model("mshv", target);
        VmmFacts facts = VmmFacts.Read(architecture);
        List<string> missing = [];

        foreach ((string name, bool extends, IReadOnlyList<(string Name, long Value)> enumerators) in facts.Enums)
        {
            AbiEnum? @enum = model.Index.FindEnum($"enum {name}");
            HashSet<(string, Int128)> known = [.. @enum?.Enumerators.Select(enumerator => (enumerator.Name, enumerator.Value)) ?? []];
            missing.AddRange(
                enumerators.Where(pair => !known.Contains((pair.Name, pair.Value))).Select(pair => $"{name}.{pair.Name} = {pair.Value}"));
            if (extends != (known.Count > enumerators.Count))
            {
                missing.Add(
                    $"{name}: {known.Count} enumerators in the model, {enumerators.Count} in the facts, extends an enum of the kernel: " +
                        $"{extends}");
            }
        }

        Assert.Equal(expectedEnumerators, facts.Enums.Sum(@enum => @enum.Enumerators.Count));
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("x86_64", "x86_64", 38)]
    [InlineData("arm64", "aarch64", 29)]
    public void Every_constant_has_the_value_and_the_C_type_of_the_facts(string target, string architecture, int expectedMacros)
    {
        Dictionary<string, AbiConstant> constants = HeaderSets.Model("mshv", target).Constants.ToDictionary(constant => constant.Name);
        VmmFacts facts = VmmFacts.Read(architecture);

        Assert.Equal(expectedMacros, facts.Macros.Count);
        Assert.Equal(
            facts.Macros.Select(macro => $"{macro.Name} = {macro.Value}, {macro.Type}"),
            facts.Macros.Select(macro => constants.TryGetValue(macro.Name, out AbiConstant? found)
                ? $"{found.Name} = {found.Value}, {found.Type}"
                : $"{macro.Name} is missing"));
    }

    [Theory]
    [InlineData("x86_64", "x86_64")]
    [InlineData("arm64", "aarch64")]
    public void Every_typedef_stands_for_the_type_of_the_facts(string target, string architecture)
    {
        AbiModel model = HeaderSets.Model("mshv", target);

        Assert.All(VmmFacts.Read(architecture).Typedefs, typedef =>
            Assert.Equal(typedef.Type, model.Index.FindTypedef(typedef.Name)?.Type.ToString()));
    }
}
