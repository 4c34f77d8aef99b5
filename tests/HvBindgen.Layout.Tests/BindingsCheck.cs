using System.Globalization;
using System.Reflection;
using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Layout.Tests;

/// <summary>Compares compiled bindings with the model they were emitted from.</summary>
/// <param name="layout">The class of the bindings that compares their layout with C's.</param>
/// <param name="constantsClass">Name of the class with the constants.</param>
/// <param name="shared">Namespace of what all targets have alike.</param>
/// <param name="own">Namespace of what the model's target has for itself.</param>
internal sealed class BindingsCheck(Type layout, string constantsClass, string shared, string own)
{
    private delegate ReadOnlySpan<byte> TextGetter();

    /// <summary>Number of facts compared so far.</summary>
    internal int Compared { get; private set; }

    /// <summary>Sizes, offsets and bits: what the emitted table finds when it tries them.</summary>
    internal IReadOnlyList<string> Layouts()
    {
        object[] facts = [0];
        var mismatches = (IReadOnlyList<string>)layout.GetMethod("FindMismatches")!.Invoke(null, facts)!;
        Compared += (int)facts[0];
        return mismatches;
    }

    /// <summary>Values of constants, requests and enumerators that are missing or other than the model's.</summary>
    internal List<string> Values(AbiModel model)
    {
        List<string> faults = [];
        void Expect(string name, bool isEqual)
        {
            Compared++;
            if (!isEqual)
            {
                faults.Add($"{name} is missing in C# or has another value");
            }
        }

        HashSet<string> enumerators =
            [.. model.Enums.Where(@enum => @enum.Name.Length == 0).SelectMany(@enum => @enum.Enumerators).Select(item => item.Name)];
        foreach (AbiConstant constant in model.Constants)
        {
            if (!enumerators.Contains(constant.Name))
            {
                Expect(constant.Name, HasValue(constant.Name, constant.Value));
            }
        }

        foreach (AbiIoctl ioctl in model.Ioctls)
        {
            Expect(ioctl.Name, HasValue(ioctl.Name, new IntegerValue(ioctl.Request)));
        }

        foreach (AbiEnum @enum in model.Enums)
        {
            Type? type = @enum.Name.Length > 0 ? Find(@enum.Name).FirstOrDefault() : null;
            foreach (AbiEnumerator enumerator in @enum.Enumerators)
            {
                Expect(enumerator.Name, type is null
                    ? HasValue(enumerator.Name, new IntegerValue(enumerator.Value))
                    : type.GetField(enumerator.Name)?.GetRawConstantValue() is { } value && ToInteger(value) == enumerator.Value);
            }
        }

        return faults;
    }

    private IEnumerable<Type> Find(string name) =>
        new[] { own, shared }.Distinct().Select(@namespace => layout.Assembly.GetType($"{@namespace}.{name}")).OfType<Type>();

    private bool HasValue(string name, ConstantValue expected) => expected switch
    {
        IntegerValue integer => RawValue(name) is { } raw && raw is not double && ToInteger(raw) == integer.Value,
        FloatingValue floating => RawValue(name) is double number && number.Equals(floating.Value),
        TextValue text =>
            Find(constantsClass).Select(constants => constants.GetProperty(name)).OfType<PropertyInfo>().FirstOrDefault() is { } property
            && Encoding.UTF8.GetString(property.GetMethod!.CreateDelegate<TextGetter>()()) == text.Value,
        _ => false,
    };

    private object? RawValue(string name) =>
        Find(constantsClass).Select(constants => constants.GetField(name)?.GetRawConstantValue())
            .FirstOrDefault(value => value is not null);

    private static Int128 ToInteger(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        ulong number => number,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
