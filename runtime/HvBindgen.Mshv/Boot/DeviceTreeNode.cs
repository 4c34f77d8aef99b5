using System.Buffers.Binary;
using System.Text;

namespace HvBindgen.Mshv.Boot;

/// <summary>A node of a device tree: properties and children, in the order they are added.</summary>
public sealed class DeviceTreeNode
{
    private const int LongestName = 31;
    private const string NameCharacters = ",._+-";
    private const string PropertyCharacters = ",._+?#-";

    private readonly List<DeviceTreeNode> children = [];
    private readonly List<KeyValuePair<string, byte[]>> properties = [];

    internal DeviceTreeNode(string name) => Name = name;

    /// <summary>Name, with its unit's address if it has one; empty for the root.</summary>
    public string Name { get; }

    internal IReadOnlyList<DeviceTreeNode> Children => children;

    internal IReadOnlyList<KeyValuePair<string, byte[]>> Properties => properties;

    /// <summary>Adds a child.</summary>
    /// <param name="name">Its name, such as <c>memory@40000000</c>.</param>
    /// <returns>The child.</returns>
    /// <exception cref="ArgumentException">There is one of this name, or it is no name of a node (Devicetree Specification
    /// 2.2.1).</exception>
    public DeviceTreeNode Add(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int at = name.IndexOf('@', StringComparison.Ordinal);
        string proper = at < 0 ? name : name[..at];
        string unit = at < 0 ? "0" : name[(at + 1)..];
        if (!IsName(proper, NameCharacters, LongestName) || !IsName(unit, NameCharacters, int.MaxValue))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a node: 1 to {LongestName} of letters, digits and {NameCharacters}, and perhaps @ and an address.",
                nameof(name));
        }

        if (children.Any(child => child.Name == name))
        {
            throw new ArgumentException($"The node has a child '{name}' already.", nameof(name));
        }

        DeviceTreeNode child = new(name);
        children.Add(child);
        return child;
    }

    /// <summary>Sets a property of any bytes; none for one that says something by being there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its bytes.</param>
    /// <returns>This node.</returns>
    /// <exception cref="ArgumentException">There is one of this name, or it is no name of a property (Devicetree Specification
    /// 2.2.4).</exception>
    public DeviceTreeNode SetBytes(string name, params ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name, PropertyCharacters, LongestName))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a property: 1 to {LongestName} of letters, digits and {PropertyCharacters}.", nameof(name));
        }

        if (properties.Any(property => property.Key == name))
        {
            throw new ArgumentException($"The node has a property '{name}' already.", nameof(name));
        }

        properties.Add(new(name, value.ToArray()));
        return this;
    }

    /// <summary>Sets a property of one or several texts.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">ASCII.</param>
    /// <returns>This node.</returns>
    /// <exception cref="ArgumentException">As of <see cref="SetBytes"/>; or a text is not ASCII, or has a zero in it.</exception>
    public DeviceTreeNode SetText(string name, params ReadOnlySpan<string> values)
    {
        StringBuilder text = new();
        foreach (string value in values)
        {
            ArgumentNullException.ThrowIfNull(value, nameof(values));
            if (!Ascii.IsValid(value) || value.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException($"Property '{name}': '{value}' is not ASCII.", nameof(values));
            }

            _ = text.Append(value).Append('\0');
        }

        return SetBytes(name, Encoding.ASCII.GetBytes(text.ToString()));
    }

    /// <summary>Sets a property of cells, 32 bits each.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Cells.</param>
    /// <returns>This node.</returns>
    /// <exception cref="ArgumentException">As of <see cref="SetBytes"/>.</exception>
    public DeviceTreeNode SetCells(string name, params ReadOnlySpan<uint> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(uint)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * sizeof(uint)), values[i]);
        }

        return SetBytes(name, bytes);
    }

    /// <summary>Sets a property of addresses and lengths, two cells each.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Addresses and lengths.</param>
    /// <returns>This node.</returns>
    /// <exception cref="ArgumentException">As of <see cref="SetBytes"/>.</exception>
    public DeviceTreeNode SetAddresses(string name, params ReadOnlySpan<ulong> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(ulong)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), values[i]);
        }

        return SetBytes(name, bytes);
    }

    private static bool IsName(string name, string others, int longest) =>
        name.Length >= 1 && name.Length <= longest
        && name.All(each => char.IsAsciiLetterOrDigit(each) || others.Contains(each, StringComparison.Ordinal));
}
