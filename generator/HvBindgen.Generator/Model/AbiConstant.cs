using System.Globalization;

namespace HvBindgen.Generator.Model;

/// <summary>An object-like macro that has a value.</summary>
/// <param name="Name">Name of the macro.</param>
/// <param name="Type">The C type of the expression it stands for.</param>
/// <param name="Value">What the C compiler makes of it.</param>
/// <param name="Location">Where it is defined.</param>
public sealed record AbiConstant(string Name, AbiType Type, ConstantValue Value, SourceLocation Location) : IAbiDeclaration
{
    /// <inheritdoc/>
    public string CName => Name;

    /// <inheritdoc/>
    public IAbiDeclaration At(SourceLocation location) => this with { Location = location };
}

/// <summary>The value of a constant.</summary>
public abstract record ConstantValue
{
    /// <summary>The value as C would write it, in decimal.</summary>
    /// <returns>A literal without a suffix.</returns>
    public sealed override string ToString() => this switch
    {
        IntegerValue integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        WideValue wide => wide.Value.ToString(CultureInfo.InvariantCulture),
        FloatingValue floating => floating.Value.ToString("R", CultureInfo.InvariantCulture),
        TextValue text => $"\"{text.Value}\"",
        _ => "",
    };
}

/// <summary>An integer of any type; one of 128 bits without a sign that is larger is a <see cref="WideValue"/>.</summary>
/// <param name="Value">The number.</param>
public sealed record IntegerValue(Int128 Value) : ConstantValue;

/// <summary>An integer above what a signed one of 128 bits holds.</summary>
/// <param name="Value">The number.</param>
public sealed record WideValue(UInt128 Value) : ConstantValue;

/// <summary>A floating-point number.</summary>
/// <param name="Value">The number.</param>
public sealed record FloatingValue(double Value) : ConstantValue;

/// <summary>A string literal without its closing zero.</summary>
/// <param name="Value">Its text; a byte that is no UTF-8 is kept as the character of that number.</param>
public sealed record TextValue(string Value) : ConstantValue;
