"""Builds and renders the five product photos: `photos.py NAME WORK_DIR WIDTH SAMPLES`."""

import math
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import bpy
import numpy as np

import stage as st

WALNUT = ("#1d120c", "#45301f", "#6e5038")
OAK = ("#6b4426", "#a8774a", "#cfa274")


def latte_art(path, n=1024):
    """A rosetta: stripes of milk drawn to and fro, then pulled through the middle."""
    y, x = np.mgrid[1:-1:n * 1j, -1:1:n * 1j]
    rng = np.random.default_rng(4)
    from scipy.ndimage import gaussian_filter
    wobble = gaussian_filter(rng.normal(size=(n, n)), 34)
    wobble /= np.abs(wobble).max()
    x, y = x + 0.020 * wobble, y + 0.020 * wobble[::-1]
    bent = y + 0.30 * np.exp(-np.abs(x) / 0.15) - 0.30 * np.abs(x)
    t = np.clip((bent + 0.62) / 1.16, 0, 1)                    # 0 at the foot of the leaf, 1 at its top
    width = 0.60 * np.sin(np.pi * (0.14 + 0.80 * t)) ** 0.7
    across = np.abs(x) / np.maximum(width, 1e-3)
    stripe = np.cos(2 * np.pi * (bent + 0.62) / 0.129)
    leaf = (stripe > -0.30 + 1.25 * across ** 4) & (t > 0) & (t < 1)
    foot = np.hypot(x / 0.34, (y + 0.58) / 0.17) < 1
    stem = np.abs(x) < 0.008 + 0.010 * np.clip(0.6 - y, 0, 1)
    heart_y, heart_x = (y - 0.50) / 0.21, x / 0.24
    heart = (heart_x ** 2 + (heart_y - 0.60 * np.sqrt(np.abs(heart_x))) ** 2) < 0.8
    milk = (((leaf | foot) & ~(stem & (y < 0.40) & (y > -0.44))) | heart) & (np.hypot(x, y) < 0.90)
    milk = gaussian_filter(milk.astype(float), 4.0)
    r = np.hypot(*np.mgrid[1:-1:n * 1j, -1:1:n * 1j])
    foam = gaussian_filter(rng.normal(size=(n, n)), 2.0)
    crema = np.array([0.50, 0.245, 0.092]) * (1 - 0.55 * np.clip((r - 0.62) / 0.38, 0, 1)[..., None] ** 1.6)
    crema = crema * (1 + 0.55 * foam[..., None] + 0.10 * wobble[..., None])
    white = np.array([0.965, 0.885, 0.76]) * (1 + 0.05 * foam[..., None])
    rgb = crema * (1 - milk[..., None]) + white * milk[..., None]
    image = bpy.data.images.new("art", n, n)
    image.pixels = np.dstack([np.clip(rgb, 0, 1), np.ones((n, n))])[::-1].astype("f").ravel()
    image.filepath_raw, image.file_format = str(path), "PNG"
    image.save()


def disc(name, radius, z, material, steps=96):
    rim = [(radius * math.cos(a), radius * math.sin(a), z) for a in np.linspace(0, 2 * math.pi, steps + 1)[:-1]]
    thing = st.mesh(name, rim, [tuple(range(steps))], material, smooth=False)
    uv = thing.data.uv_layers.new()
    for loop in thing.data.loops:
        x, y, _ = rim[loop.vertex_index]
        uv.data[loop.index].uv = (0.5 + x / radius / 2, 0.5 + y / radius / 2)
    return thing


def wide_cup(clay, rim_clay=None):
    """A wide bowl-like cup, 1.1 across and 0.62 high, with its handle."""
    st.lathe("cup", [(0, 0.055), (0.26, 0.055), (0.27, 0.0), (0.33, 0.0), (0.34, 0.05), (0.43, 0.17), (0.50, 0.34), (0.535, 0.52), (0.55, 0.615),
                     (0.54, 0.63), (0.525, 0.615), (0.505, 0.52), (0.47, 0.34), (0.40, 0.19), (0.30, 0.11), (0, 0.10)], clay)
    st.tube("handle", [(0.50, 0, 0.47), (0.66, 0, 0.52), (0.76, 0, 0.40), (0.70, 0, 0.24), (0.56, 0, 0.17), (0.44, 0, 0.16)],
            0.042, clay, [1.25, 1.0, 1.0, 1.0, 1.1, 1.3])


def saucer(clay):
    st.lathe("saucer", [(0, 0.03), (0.40, 0.03), (0.42, 0.0), (0.50, 0.0), (0.54, 0.035), (0.76, 0.09), (0.90, 0.135), (0.92, 0.15), (0.90, 0.158),
                        (0.74, 0.115), (0.50, 0.07), (0.38, 0.06), (0, 0.06)], clay, steps=96)


def spoon(material, at, turn):
    rows = []
    for t in np.linspace(0, 1, 26):
        if t < 0.32:
            u = t / 0.32
            rows.append((0.40 * u - 0.2, 0.115 * math.sin(math.pi * (0.04 + 0.90 * u)) ** 0.75 + 0.012, -0.05 * math.sin(math.pi * u) + 0.02))
        else:
            u = (t - 0.32) / 0.68
            rows.append((0.2 + 0.95 * u, 0.020 + 0.022 * u * u, 0.02 + 0.10 * math.sin(math.pi * min(1, u * 1.15)) * 0.6))
    vertices, faces = [], []
    for i, (x, w, z) in enumerate(rows):
        bowl = i < 9
        for k in (-1, -0.5, 0, 0.5, 1):
            vertices.append((x, w * k, z + (0.035 * k * k if bowl else -0.004 * k * k)))
    for i in range(len(rows) - 1):
        for k in range(4):
            a = i * 5 + k
            faces.append((a, a + 1, a + 6, a + 5))
    thing = st.subdivided(st.mesh("spoon", vertices, faces, material), 2)
    solid = thing.modifiers.new("thick", "SOLIDIFY")
    solid.thickness = 0.014
    thing.location, thing.rotation_euler = at, turn
    return thing


def window_light(strength=5.5, direction=(0.85, 0.42, -0.62), color="#ffdfb8"):
    """Low sun through a window with a plant outside: bars and leaves of shadow on table and wall."""
    st.sun(direction, strength, color, 0.9)
    away = -np.array(direction) / np.linalg.norm(direction) * 9.0
    dark = st.plain("frame", "#221a14", 0.9)
    side = np.cross(away, (0, 0, 1))
    side /= np.linalg.norm(side)
    up = np.cross(side, away)
    up /= np.linalg.norm(up)

    def bar(s, u, w, h):
        corners = [away + side * (s + a) + up * (u + b) for a, b in ((-w, -h), (w, -h), (w, h), (-w, h))]
        st.mesh("bar", corners, [(0, 1, 2, 3)], dark, smooth=False)

    for s in (-3.1, -0.55, 2.0, 4.55):
        bar(s, 0, 0.16, 9)
    for u in (-1.9, 0.9, 3.7):
        bar(0, u, 9, 0.11)
    dice = random.Random(5)
    for _ in range(70):
        s, u = dice.uniform(-4.5, 5.0), dice.uniform(-2.6, 3.2)
        if dice.random() > 0.25 + 0.5 * (s > 0.8):
            continue
        a = dice.uniform(0, math.pi)
        long, thin = dice.uniform(0.35, 0.75), dice.uniform(0.09, 0.17)
        d1 = side * math.cos(a) + up * math.sin(a)
        d2 = -side * math.sin(a) + up * math.cos(a)
        center = away * dice.uniform(0.8, 1.1) + side * s + up * u
        st.mesh("leaf", [center - d1 * long, center - d2 * thin, center + d1 * long, center + d2 * thin], [(0, 1, 2, 3)], dark, smooth=False)


def cup(work):
    """A flat white with a rosetta, saucer, spoon and beans on walnut."""
    st.sky("#9fb2c6", 0.34)
    clay = st.stoneware("clay")
    st.plane("table", (40, 40), st.wood("walnut", *WALNUT))
    saucer(clay)
    placed(lambda: wide_cup(clay), (0, 0, 0.065), -38)
    latte_art(work / "art.png")
    top = disc("latte", 0.512, 0.61, st.picture("latte", work / "art.png", 0.22))
    top.rotation_euler.z = math.radians(-14)
    spoon(st.metal("brass", "#c9b08a", 0.2), (0.30, -0.66, 0.165), (0.0, -0.05, math.radians(17)))
    beans = st.bean_mesh(st.roasted())
    st.scattered(beans, [(-1.15, -0.45), (-1.34, -0.22), (-1.02, -0.78), (-1.5, -0.62), (-1.28, 0.10), (1.35, 0.55), (1.52, 0.33), (-0.86, -1.05),
                         (1.62, 0.75), (-1.75, -0.30), (1.18, 0.86), (-1.62, 0.32), (1.95, 0.42), (-2.1, -0.75), (0.75, 1.30), (0.95, 1.12)], 8, 0.17)
    greens(((-1.75, 1.15, 0.10), (-1.45, 1.55, 0.10)), 1.7, 40, lying=True)
    greens(((1.5, 2.1, 0), (1.9, 1.8, 0), (1.7, 2.4, 0), (1.2, 2.5, 0)), 2.0, 30)
    window_light(5.6)
    st.area((-4, -1.5, 4.5), (0, 0, 0.3), (3, 3), 150, "#ffeed8")
    st.area((3.5, -3.5, 2.5), (0, 0, 0.3), (3, 3), 70, "#c4d6ee")
    st.camera((-0.38, -3.62, 3.25), (0.06, 0.10, 0.30), 58, (0.0, -0.2, 0.62), 2.2)
    return dict(exposure=0.5)


def placed(build, at, turn=0):
    """Builds things at the origin and moves them together."""
    before = set(bpy.data.objects)
    build()
    group = bpy.data.objects.new("group", None)
    bpy.context.collection.objects.link(group)
    for thing in set(bpy.data.objects) - before - {group}:
        if thing.parent is None:
            thing.parent = group
    group.location, group.rotation_euler = at, (0, 0, math.radians(turn))


def greens(roots, height, seed, lying=False, leaf=0.5):
    """Eucalyptus, standing out of focus or laid on the table."""
    green = st.plain("green", "#6b8c6d", 0.5)
    stem = st.plain("stem", "#5a4632", 0.7)
    dice = random.Random(seed)
    for i, root in enumerate(roots):
        before = set(bpy.data.objects)
        st.sprig(green, stem, (0, 0, 0), height, 9, seed + i, leaf * (0.75 if lying else 1), (dice.uniform(-0.38, 0.30), dice.uniform(-0.2, 0.1)))
        group = bpy.data.objects.new("sprig", None)
        bpy.context.collection.objects.link(group)
        for thing in set(bpy.data.objects) - before - {group}:
            thing.parent = group
        group.location = root
        if lying:
            group.rotation_euler = (math.radians(-86), 0, math.radians(-38 + 16 * i))


def beans(work):
    """A hill of beans, a brass scoop half in it, seen from a hand's breadth."""
    st.sky("#8ea0b5", 0.25)
    st.plane("floor", (30, 30), st.plain("floor", "#20150f", 0.8))
    data, rough = st.bean_mesh(st.roasted()), st.bean_mesh(None, 6, 8)    # they fall as rough ones: less to compute
    dice = random.Random(21)
    scoop = brass_scoop(st.metal("brass", "#d8a95c", 0.24))
    things = []
    for i in range(420):
        ring = 1.9 * math.sqrt(dice.random())
        a = dice.uniform(0, 2 * math.pi)
        things.append(st.bean(rough, (ring * math.cos(a), ring * math.sin(a) * 0.9, 0.3 + i * 0.010), 0.33 * dice.uniform(0.88, 1.1),
                              [dice.uniform(0, 6.3) for _ in range(3)]))
    walls = [st.plane("wall", (8, 8), None, at, turn) for at, turn in (
        ((2.0, 0, 0), (0, -math.pi / 2, 0)), ((-2.0, 0, 0), (0, math.pi / 2, 0)),
        ((0, 1.9, 0), (math.pi / 2, 0, 0)), ((0, -1.9, 0), (-math.pi / 2, 0, 0)))]
    st.dropped(things, [bpy.data.objects["floor"], *scoop, *walls], 110)
    for thing in things:
        thing.data = data
    for wall in walls:
        bpy.data.objects.remove(wall)
    st.sun((0.75, 0.45, -0.62), 5.0, "#ffe0b8", 2.5)
    st.area((-2.6, 2.2, 2.6), (0, 0, 0.4), (2.2, 1.6), 170, "#ffe8cc")
    st.area((2.8, -2.2, 2.6), (0, 0, 0.4), (2, 2), 90, "#cfdcf0")
    st.camera((-0.75, -3.5, 3.1), (0.05, 0.02, 0.42), 60, (0.0, -0.42, 0.62), 5.0)
    return dict(exposure=0.7)


def brass_scoop(material):
    """An open half round scoop with a flat handle, lying on its back."""
    vertices, faces = [], []
    rows, cols = 22, 16
    for i in range(rows + 1):
        t = i / rows
        r = 0.36 * (1 - (1 - min(1, t / 0.22)) ** 2) ** 0.5 if t < 0.22 else 0.36 + 0.05 * (t - 0.22)
        for j in range(cols + 1):
            a = math.pi * (j / cols) + math.pi
            vertices.append((1.05 * t - 0.5, r * math.cos(a), r * math.sin(a) * (1 - 0.35 * max(0, t - 0.75) / 0.25)))
    for i in range(rows):
        for j in range(cols):
            k = i * (cols + 1) + j
            faces.append((k, k + 1, k + cols + 2, k + cols + 1))
    bowl = st.mesh("scoop", vertices, faces, material)
    solid = bowl.modifiers.new("thick", "SOLIDIFY")
    solid.thickness = 0.018
    bar = st.tube("bar", [(-0.48, 0, -0.02), (-0.75, 0, 0.05), (-1.25, 0, 0.10), (-1.5, 0, 0.10)], 0.045, material, [0.8, 0.9, 1.2, 0.9])
    for thing in (bowl, bar):
        thing.location, thing.rotation_euler = (0.42, 0.30, 1.0), (math.radians(8), math.radians(14), math.radians(212))
    return [bowl]


def bag_front(x, z, wide=1.62, deep=0.86, tall=2.35):
    """How far the front of the bag stands out at (x, z): full below, pinched to the fold above, softly dented."""
    up = min(1.0, max(0.0, z / tall))
    depth = deep * (1 - up ** 2.6) + 0.05
    edge = min(1.0, abs(2 * x / wide))
    body = 0.5 * depth * (1 - edge ** 9) ** (1 / 9) + 0.06 * math.cos(math.pi * x / wide) * math.sin(math.pi * min(1, up * 1.1))
    dents = 0.013 * math.sin(5.2 * x + 3.1 * z) * math.sin(3.7 * z - 1.3 * x) + 0.011 * math.sin(8.3 * z + 2.1 * x + 0.8) * up
    return body + dents * (1 - edge ** 4)


def bag(work):
    """The bag: matte green, cream label, folded top with its tin tie; oak counter, morning wall."""
    morning_room()
    placed(lambda: coffee_bag(work), (-0.28, 0.25, 0), 9)
    clay = st.stoneware("clay")
    latte_art(work / "art.png")

    def served():
        saucer(clay)
        placed(lambda: wide_cup(clay), (0, 0, 0.065), 20)
        disc("latte", 0.512, 0.61, st.picture("latte", work / "art.png", 0.22))
    placed(served, (1.55, -0.25, 0), -20)
    data = st.bean_mesh(st.roasted())
    dice = random.Random(3)
    st.scattered(data, [(-1.35 + dice.gauss(0, 0.22), -0.62 + dice.gauss(0, 0.16)) for _ in range(26)]
                 + [(-0.5, -0.75), (-0.2, -0.9), (0.25, -0.85), (0.6, -1.0)], 5, 0.15)
    vase((-2.05, 1.25), 12)
    st.camera((0.3, -9.6, 2.1), (0.34, 0, 1.22), 66, (-0.28, -0.2, 1.2), 1.5)
    return dict(exposure=0.25)


def vase(at, seed):
    """Eucalyptus in a round stoneware vase."""
    clay = st.stoneware("vase", "#c9a98a", "#5d3f2b", 0.5)

    def thrown():
        st.lathe("vase", [(0, 0), (0.30, 0), (0.34, 0.03), (0.50, 0.30), (0.52, 0.48), (0.42, 0.74), (0.24, 0.92), (0.20, 1.02), (0.25, 1.14), (0.235, 1.15),
                          (0.18, 1.02), (0.22, 0.90), (0.0, 0.8)], clay)
    placed(thrown, (*at, 0))
    x, y = at
    greens(((x - 0.05, y, 0.85), (x + 0.06, y + 0.05, 0.85), (x, y - 0.06, 0.85), (x + 0.03, y + 0.02, 0.85)), 2.3, seed, leaf=0.48)


def morning_room():
    """Oak counter before a plaster wall in low sun."""
    st.sky("#a9b8c9", 0.35)
    st.plane("counter", (40, 12), st.wood("oak", *OAK), (0, 2, 0))
    plaster = st.Nodes("plaster")
    rough = plaster.noise(1.4, 6)
    plaster.set(base_color=plaster.ramp(rough, (0.3, st.srgb("#d9c7ae")), (0.75, st.srgb("#e8dac5"))), roughness=0.92)
    plaster.bump(rough, 0.12, 0.05)
    st.plane("wall", (60, 30), plaster.material, (0, 3.4, 8), (math.pi / 2, 0, 0))
    window_light(4.6, (0.80, 0.62, -0.42))
    st.area((-4.5, -3.5, 4), (0, 0, 1), (3, 3), 170, "#ffeed6")
    st.area((4.5, -4, 3), (0, 0, 1), (3, 3), 90, "#cfdcf0")


def coffee_bag(work):
    green = st.Nodes("bag")
    green.set(base_color=(*st.srgb("#21483a"), 1), roughness=0.48)
    green.bump(green.noise(3.2, 5), 0.22, 0.05)
    wide, tall, cols, rows = 1.62, 2.35, 48, 64

    def point(u, z):
        """u runs once around: front, right side, back, left side."""
        side = 0.5 * wide
        x = side * math.cos(u)
        y = -bag_front(x, z) * math.copysign(1, math.sin(u)) if abs(math.sin(u)) > 1e-6 else 0
        pinch = 1 - 0.045 * (z / tall) ** 2
        return (x * pinch, y, z)
    angles = []
    for k in range(cols):                                       # denser at the edges, where it turns
        t = k / cols * 2 * math.pi
        angles.append(t)
    vertices = [point(u, tall * i / rows) for i in range(rows + 1) for u in angles]
    faces = [(i * cols + j, i * cols + (j + 1) % cols, (i + 1) * cols + (j + 1) % cols, (i + 1) * cols + j) for i in range(rows) for j in range(cols)]
    faces.append(tuple(range(cols - 1, -1, -1)))
    st.subdivided(st.mesh("bag", vertices, faces, green.material), 1)
    st.slab("fold", (1.56, 0.13, 0.34), green.material, (0, 0.0, tall - 0.05), 0.045)
    st.slab("tie", (1.86, 0.155, 0.07), st.metal("tin", "#c8963e", 0.3), (0, 0.0, tall + 0.08), 0.02)
    label(work / "label.png", 1.08, 1.35, 0.42)


def label(path, w, h, low):
    n = 24
    vertices, faces, uvs = [], [], []
    for i in range(n + 1):
        for j in range(n + 1):
            x, z = (j / n - 0.5) * w, low + h * i / n
            vertices.append((x, -bag_front(x, z) - 0.006, z))
            uvs.append((j / n, i / n))
    for i in range(n):
        for j in range(n):
            k = i * (n + 1) + j
            faces.append((k, k + 1, k + n + 2, k + n + 1))
    thing = st.mesh("label", vertices, faces, st.picture("label", path, 0.6))
    uv = thing.data.uv_layers.new()
    for loop in thing.data.loops:
        uv.data[loop.index].uv = uvs[loop.vertex_index]


def pour(work):
    """An hourglass pour-over with wooden collar, its kettle behind, a cup waiting."""
    morning_room()
    placed(hourglass, (-0.35, 0.1, 0))
    placed(kettle, (1.75, 1.35, 0), 200)
    clay = st.stoneware("clay")

    def served():
        wide_cup(clay)
        disc("coffee", 0.50, 0.50, st.brew())
    placed(served, (1.15, -0.75, 0), -25)
    data = st.bean_mesh(st.roasted())
    st.scattered(data, [(-1.5, -0.7), (-1.65, -0.45), (-1.32, -0.9), (-1.75, -0.8), (-1.2, -0.55), (0.3, -1.1), (0.1, -0.95)], 6, 0.15)
    vase((-2.35, 1.5), 50)
    st.camera((0.2, -9.4, 2.3), (0.28, 0, 1.12), 70, (-0.35, -0.3, 1.1), 1.6)
    return dict(exposure=0.25)


def hourglass():
    outer = [(0.70, 0.02), (0.80, 0.10), (0.82, 0.30), (0.74, 0.62), (0.50, 0.95), (0.27, 1.20), (0.24, 1.30), (0.28, 1.42), (0.50, 1.80), (0.72, 2.15), (0.74, 2.18)]
    inner = [(r - 0.03, z + (0.03 if i == 0 else 0)) for i, (r, z) in enumerate(outer)]
    st.lathe("carafe", [(0, 0.0), (0.55, 0.0)] + outer + inner[::-1] + [(0, 0.06)], st.glass(), steps=96)
    thin = st.Nodes("thin brew")
    thin.set(base_color=(0.20, 0.045, 0.008, 1), roughness=0.02, transmission_weight=0.6, ior=1.33)
    st.lathe("coffee", [(0, 0.065), (0.62, 0.065), (0.76, 0.14), (0.785, 0.30), (0.715, 0.60), (0.70, 0.64), (0, 0.64)], thin.material, steps=96)
    paper = st.plain("paper", "#efe4d0", 0.9, subsurface_weight=0.2)
    st.lathe("filter", [(0.10, 1.30), (0.27, 1.50), (0.47, 1.84), (0.70, 2.24), (0.715, 2.26), (0.685, 2.24), (0.45, 1.86), (0.25, 1.52), (0.0, 1.36)], paper)
    st.lathe("grounds", [(0, 1.72), (0.20, 1.74), (0.36, 1.80), (0.415, 1.83)], st.plain("grounds", "#2a160c", 0.75))
    st.lathe("collar", [(0.36, 1.06), (0.41, 1.08), (0.345, 1.25), (0.345, 1.33), (0.43, 1.56), (0.38, 1.58), (0.29, 1.36), (0.285, 1.24), (0.36, 1.06)],
             st.wood("collar", "#3b2010", "#7c4a26", "#a86f3e", 0.4))
    leather = st.plain("leather", "#5a3116", 0.6)
    st.tube("thong", [(0.365, -0.02, 1.29), (0.20, -0.31, 1.29), (-0.20, -0.31, 1.29), (-0.365, 0, 1.29), (0, 0.36, 1.29), (0.365, 0.02, 1.29)], 0.022, leather)
    st.tube("knot", [(-0.05, -0.36, 1.31), (0.03, -0.40, 1.25), (0.02, -0.42, 1.10), (0.05, -0.42, 0.98)], 0.02, leather)


def kettle():
    steel = st.metal("steel", "#2c2e30", 0.38)
    st.lathe("kettle", [(0, 0.0), (0.72, 0.0), (0.76, 0.05), (0.70, 0.45), (0.58, 0.95), (0.50, 1.16), (0.48, 1.20), (0.44, 1.22), (0.20, 1.28), (0.05, 1.30), (0.05, 1.36),
                         (0.09, 1.42), (0.06, 1.48), (0, 1.49)], steel, steps=96)
    st.tube("spout", [(0.66, 0, 0.18), (1.05, 0, 0.22), (1.10, 0, 0.62), (1.12, 0, 1.02), (1.38, 0, 1.26), (1.62, 0, 1.22)], 0.062, steel, [1.5, 1.25, 1.0, 0.85, 0.75, 0.7])
    st.tube("grip", [(-0.52, 0, 1.10), (-0.85, 0, 1.22), (-1.08, 0, 1.02), (-1.05, 0, 0.62), (-0.98, 0, 0.40)], 0.075,
            st.wood("grip", "#3b2010", "#7c4a26", "#a86f3e", 0.4), [0.8, 1, 1.1, 1, 0.8])


def togo(work):
    """The paper cup with the mark on a wet ledge, the evening city out of focus behind it."""
    st.sky("#2a3f63", 0.32)
    ledge = st.Nodes("ledge")
    wet = ledge.noise(1.1, 5, (0.5, 1, 1))
    ledge.set(base_color=ledge.ramp(wet, (0.35, st.srgb("#2a2420")), (0.7, st.srgb("#3c332c"))),
              roughness=ledge.ramp(wet, (0.42, (0.05,) * 3), (0.62, (0.45,) * 3)))
    ledge.bump(ledge.noise(6, 6), 0.1, 0.02)
    st.plane("ledge", (30, 3.6), ledge.material, (0, 0.2, 0))
    kraft = st.Nodes("kraft")
    fibre = kraft.noise(26, 6, (1, 1, 0.25))
    kraft.set(base_color=kraft.ramp(fibre, (0.3, st.srgb("#8d6740")), (0.75, st.srgb("#b48a5c"))), roughness=0.85)
    kraft.bump(kraft.noise(3, 1, (0, 0, 6)), 0.1, 0.02)
    white = st.plain("paper", "#f1ebe0", 0.5)
    green = st.plain("sleeve", "#21483a", 0.55)
    cone = lambda z: 0.46 + (0.66 - 0.46) * z / 1.75
    st.lathe("cup", [(0, 0.05), (0.44, 0.05), (0.455, 0.0), (0.465, 0.0), (0.47, 0.05), (cone(0.9), 0.9), (cone(1.70), 1.70), (0.68, 1.72), (0.68, 1.76), (0.64, 1.76)], white, steps=96)
    st.lathe("sleeve", [(cone(0.42) + 0.006, 0.42), (cone(0.42) + 0.026, 0.425), (cone(1.40) + 0.026, 1.395), (cone(1.40) + 0.006, 1.40)], green, steps=96)
    lid = st.plain("lid", "#171513", 0.35)
    st.lathe("lid", [(0.70, 1.70), (0.715, 1.74), (0.70, 1.80), (0.64, 1.82), (0.615, 1.93), (0.595, 1.95), (0.565, 1.93), (0.55, 1.885), (0.0, 1.885)], lid, steps=96)
    patch(work / "mark-light.png", cone, 0.031, 0.44, 1.38)
    dice = random.Random(17)
    colors = ["#ffb35c", "#ffcf8a", "#ff8a3d", "#ffe6bd", "#ff5a3c", "#6fd0ff", "#ffd9a0", "#8fe3c8"]
    for i in range(150):
        depth = dice.uniform(16, 42)
        low = dice.random() < 0.45
        x = dice.uniform(-0.46, 0.46) * depth
        z = (dice.uniform(-0.02, 0.035) if low else dice.uniform(0.0, 0.26)) * depth
        color = dice.choice(colors[:6] if low else colors)
        size = depth * dice.uniform(0.0035, 0.0055)
        st.plane("light", (size, size), st.glow("glow", color, dice.uniform(18, 75)), (x, depth, z + 0.4), (math.pi / 2, 0, 0))
    street = st.Nodes("street")
    street.set(base_color=(0.004, 0.005, 0.008, 1), roughness=0.42, specular_ior_level=0.25)
    st.plane("street", (160, 70), street.material, (0, 37, -3.2))
    towers(dice)
    st.area((-3.5, -3.4, 3.2), (0, 0, 1), (2.2, 2.2), 260, "#ffe3c0")
    st.area((3.0, 1.8, 2.4), (0, 0, 1), (1.2, 2.4), 120, "#ff9b4a")
    st.area((-3.0, 2.4, 2.0), (0, 0, 1), (1.2, 2.4), 60, "#5f9bff")
    st.camera((0.35, -8.6, 1.75), (0.35, 0, 1.02), 70, (0, -0.6, 1.0), 2.4)
    return dict(exposure=0.3)


def patch(path, cone, out, low, high):
    """The mark on the front of the cup."""
    n = 32
    half = 0.86
    vertices, faces, uvs = [], [], []
    for i in range(n + 1):
        for j in range(n + 1):
            z = low + (high - low) * i / n
            a = -math.pi / 2 + (j / n - 0.5) * 2 * half
            r = cone(z) + out
            vertices.append((r * math.cos(a), r * math.sin(a), z))
            uvs.append((j / n, i / n))
    for i in range(n):
        for j in range(n):
            k = i * (n + 1) + j
            faces.append((k, k + 1, k + n + 2, k + n + 1))
    thing = st.mesh("mark", vertices, faces, st.picture("mark", path, 0.6, alpha=True))
    uv = thing.data.uv_layers.new()
    for loop in thing.data.loops:
        uv.data[loop.index].uv = uvs[loop.vertex_index]


def towers(dice):
    """Dark blocks before a fading sky."""
    night = st.plain("night", "#101722", 0.9)
    for _ in range(26):
        depth = dice.uniform(44, 60)
        st.slab("tower", (dice.uniform(3, 7), 2, dice.uniform(2, 9)), night, (dice.uniform(-30, 30), depth, 0))
    dusk = st.Nodes("dusk")
    where = dusk.add("ShaderNodeTexCoord").outputs["UV"]
    up = dusk.add("ShaderNodeSeparateXYZ", {"Vector": where}).outputs["Y"]
    shade = dusk.ramp(up, (0.50, st.srgb("#f0925a")), (0.56, st.srgb("#b0667a")), (0.66, st.srgb("#45507e")), (0.85, st.srgb("#1d2a4d")))
    dusk.set(base_color=(0, 0, 0, 1), emission_color=shade, emission_strength=0.4)
    st.plane("dusk", (160, 90), dusk.material, (0, 70, 0), (math.pi / 2, 0, 0))


SCENES = {"cup": cup, "beans": beans, "bag": bag, "pour": pour, "togo": togo}


def main():
    name, work, width, samples = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    st.fresh()
    settings = SCENES[name](work)
    st.render(work / f"{name}.png", width, width * 2 // 3, samples, **settings)


main()
